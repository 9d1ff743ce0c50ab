package dev.baton.supervisor.resource;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/**
 * Which processes have a file open to write into it, by what {@code /proc} shows of them. Those of
 * other users cannot be asked by a supervisor that is not root, nor can those that {@code /proc}
 * does not show, such as of a container above: they count as not having it. A worker that runs as
 * the supervisor's user, and whatever it has launched, can be asked.
 */
public final class FileHolders {
  private FileHolders() {}

  /**
   * Whether a process may still write into it. Who reads it loses nothing when its path goes. Looks
   * at every descriptor of the host: not for the loop.
   *
   * @param identity {@code DEV:INO}
   * @param exceptPid not asked: the supervisor itself
   */
  public static boolean isHeld(String identity, long exceptPid) throws IOException {
    String except = Long.toString(exceptPid);
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (!process.endsWith(except) && holds(process, identity)) {
          return true;
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return false;
  }

  /** The same of a file that is there. */
  public static boolean isHeld(Path file, long exceptPid) throws IOException {
    return isHeld(FileIdentity.of(file), exceptPid);
  }

  private static boolean holds(Path process, String identity) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        if (leadsTo(descriptor, identity)) {
          return true;
        }
      }
      return false;
    } catch (IOException | DirectoryIteratorException e) {
      return false; // it has ended, or is none of ours
    }
  }

  private static boolean leadsTo(Path descriptor, String identity) {
    try {
      // Sockets, pipes and the like, which most descriptors are, need no second look.
      return Files.readSymbolicLink(descriptor).startsWith("/")
          && FileIdentity.of(descriptor).equals(identity)
          && isWritable(descriptor);
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  /** The mode of the link is what the descriptor was opened for. */
  private static boolean isWritable(Path descriptor) throws IOException {
    return Files.getPosixFilePermissions(descriptor, LinkOption.NOFOLLOW_LINKS)
        .contains(PosixFilePermission.OWNER_WRITE);
  }
}
