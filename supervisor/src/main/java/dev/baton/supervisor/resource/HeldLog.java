package dev.baton.supervisor.resource;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import dev.baton.jdk.Descriptors;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;

/**
 * A file that workers append to, held open: one open file description that they get to write into.
 * Whatever becomes of its path, it stays this file.
 */
public final class HeldLog implements Closeable {
  private static final String CANNOT_OPEN = "cannot log to";

  private static final int TYPE = 0170000;
  private static final int FIFO = 0010000;
  private static final int DIRECTORY = 0040000;
  private static final int PLAIN_FILE = 0100000;
  private static final int LINK = 0120000;
  private static final int SOCKET = 0140000;

  private final Path path;
  private final FileChannel channel;
  private final FileDescriptor descriptor;
  private final Path open;
  private final FileOutputStream out;
  private final String identity;

  private HeldLog(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    descriptor = Descriptors.of(channel);
    open = Path.of("/proc/self/fd/" + Descriptors.number(descriptor));
    // A channel would be closed by the interrupt of a thread that writes.
    out = new FileOutputStream(descriptor);
    identity = FileIdentity.of(open);
  }

  /**
   * Opens the file; makes it, and the directories it is in, if they are not there. Refuses whatever
   * is no plain file, and a symbolic link too: who may write into its directory would choose what
   * the supervisor writes to.
   */
  public static HeldLog open(Path path) throws ResourceException {
    try {
      checkPlain(path, path, NOFOLLOW_LINKS);
      createParent(path);
      FileChannel channel =
          FileChannel.open(path, Set.of(CREATE, APPEND, NOFOLLOW_LINKS), Mode.of("rw-r-----"));
      try {
        HeldLog log = new HeldLog(path, channel);
        checkPlain(path, log.open); // it may have been replaced in between
        return log;
      } catch (IOException | RuntimeException e) {
        Closing.after(e, channel);
        throw e;
      }
    } catch (IOException e) {
      throw LogErrors.explain(CANNOT_OPEN, path, path, e);
    }
  }

  private static void createParent(Path path) throws IOException {
    Path parent = path.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      Files.createDirectories(parent, Mode.of("rwxr-x---"));
    }
  }

  /** Before it is opened, because opening a fifo waits for somebody who reads it. */
  private static void checkPlain(Path path, Path seen, LinkOption... options) throws IOException {
    int mode;
    try {
      mode = (int) Files.getAttribute(seen, "unix:mode", options);
    } catch (NoSuchFileException e) {
      return; // it will be made
    }
    switch (mode & TYPE) {
      case PLAIN_FILE -> {}
      case LINK ->
          throw refused(
              "ELOOP", path, "it is a symbolic link; remove it, or name the file it leads to");
      case DIRECTORY ->
          throw refused(
              "EISDIR", path, "it is a directory; name a file, such as " + path.resolve("log"));
      case FIFO ->
          throw refused(
              "EINVAL",
              path,
              "it is a fifo, and what writes to it waits for what reads it; remove it, or choose"
                  + " another path");
      case SOCKET ->
          throw refused("EINVAL", path, "it is a socket; remove it, or choose another path");
      default -> throw refused("EINVAL", path, "it is a device; name a plain file");
    }
  }

  private static ResourceException refused(String errno, Path path, String why) {
    return LogErrors.refused(errno, CANNOT_OPEN, path, why);
  }

  /** Where it was opened; {@link #isInPlace} tells whether it is there still. */
  public Path path() {
    return path;
  }

  /** To send, or to put somewhere; it stays this object's, which must be reachable meanwhile. */
  public FileDescriptor descriptor() {
    return descriptor;
  }

  /** {@code DEV:INO}, by which the file is known under whatever path. */
  public String identity() {
    return identity;
  }

  /** How large it is, wherever it is by now. */
  public long bytes() throws IOException {
    return Files.size(open);
  }

  /** Whether its path leads to it; else it was moved, deleted or replaced. */
  public boolean isInPlace() {
    try {
      return FileIdentity.of(path, NOFOLLOW_LINKS).equals(identity);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Writes the line and a line feed in one system call, so that no other writer gets in between.
   */
  public void append(String line) throws ResourceException {
    try {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw LogErrors.explain("cannot write to", path, path, e);
    }
  }

  /**
   * For the stdout or stderr of a child, which gets a description of its own for this very file,
   * wherever it is by now. For both with {@link ProcessBuilder#redirectErrorStream(boolean)}.
   */
  public Redirect redirect() {
    return Redirect.appendTo(open.toFile());
  }

  /** Closes our descriptor; those that others hold are theirs. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
