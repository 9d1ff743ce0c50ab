package dev.baton.supervisor.resource;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Says why a log cannot be used, and what to do about it. */
final class LogErrors {
  private LogErrors() {}

  /**
   * @param what such as {@code cannot log to}
   */
  static ResourceException refused(String errno, String what, Path log, String why) {
    return refused(errno, what, log, why, null);
  }

  private static ResourceException refused(
      String errno, String what, Path log, String why, @Nullable Throwable cause) {
    return new ResourceException(errno, what + " " + log + ": " + why, cause);
  }

  /**
   * An exception of the JDK has the kernel's words and sometimes nothing else to know it by.
   *
   * @param changed what was to be opened or made: the log, or its directory
   */
  static ResourceException explain(String what, Path log, Path changed, IOException e) {
    if (e instanceof ResourceException explained) {
      return explained;
    }
    String text = text(e);
    if (text.contains("No space left")) {
      return refused("ENOSPC", what, log, "no space left on the device; free some", e);
    }
    if (text.contains("quota exceeded")) {
      return refused("EDQUOT", what, log, "the disk quota is used up; free some space", e);
    }
    if (text.contains("Read-only")) {
      return refused(
          "EROFS",
          what,
          log,
          "its file system is read-only; remount it, or choose another path",
          e);
    }
    if (e instanceof AccessDeniedException || text.contains("ermission denied")) {
      return refused(
          "EACCES",
          what,
          log,
          "permission denied; check the owner and mode of " + nearest(changed),
          e);
    }
    if (e instanceof NoSuchFileException) {
      return refused("ENOENT", what, log, "somebody has moved or deleted it", e);
    }
    if (e instanceof FileAlreadyExistsException || text.contains("Not a directory")) {
      return refused(
          "ENOTDIR", what, log, nearest(changed) + " is no directory; choose another path", e);
    }
    if (text.contains("Too many open files")) {
      return refused("EMFILE", what, log, "too many open files; raise the limit (ulimit -n)", e);
    }
    return refused("EIO", what, log, text, e);
  }

  /** The kernel's words alone, where the path has been put before them. */
  private static String text(IOException e) {
    String reason = e instanceof FileSystemException f ? f.getReason() : null;
    return reason != null ? reason : String.valueOf(e.getMessage());
  }

  /** As much of the path as there is, and can be reached. */
  private static Path nearest(Path path) {
    Path there = path.toAbsolutePath();
    while (there.getParent() != null && !Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
      there = there.getParent();
    }
    return there;
  }
}
