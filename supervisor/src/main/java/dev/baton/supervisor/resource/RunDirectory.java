package dev.baton.supervisor.resource;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a supervisor of a name can be found: {@code /run/baton/NAME} for root. */
public final class RunDirectory {
  /** Puts all run directories somewhere else, for tests and for hosts with their own layout. */
  public static final String BASE_VARIABLE = "BATON_RUNTIME_DIR";

  private static final int WRITABLE_BY_OTHERS = 022;

  private final Path directory;

  private RunDirectory(Path directory) {
    this.directory = directory;
  }

  public static RunDirectory of(String name, Map<String, String> environment) throws IOException {
    RunDirectory directory = new RunDirectory(base(environment).resolve(name));
    UnixPath.checkLength(directory.control());
    return directory;
  }

  /** The names of the supervisors that answer at this moment. */
  public static List<String> running(Map<String, String> environment) throws IOException {
    List<String> names = new ArrayList<>();
    Path base = base(environment);
    if (Files.isDirectory(base)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(base)) {
        for (Path one : all) {
          if (isAnswered(one.resolve("control.sock"))) {
            names.add(one.getFileName().toString());
          }
        }
      }
    }
    Collections.sort(names);
    return names;
  }

  /** Creates it, for nobody else to look into, and refuses one that somebody else has made. */
  public void create() throws ResourceException {
    try {
      Files.createDirectories(directory, Mode.of("rwx------"));
      checkOwn(directory);
      if (directory.startsWith(System.getProperty("java.io.tmpdir"))) {
        checkOwn(directory.resolve("..")); // anybody may have made it before us
      }
    } catch (ResourceException e) {
      throw e;
    } catch (IOException e) {
      throw refused("cannot create the run directory " + directory + ": " + e.getMessage(), e);
    }
  }

  private static void checkOwn(Path folder) throws IOException {
    Map<String, Object> is = Files.readAttributes(folder, "unix:uid,mode", NOFOLLOW_LINKS);
    boolean ours = ((Integer) uid()).equals(is.get("uid"));
    if (!ours || !(is.get("mode") instanceof Integer mode) || (mode & WRITABLE_BY_OTHERS) != 0) {
      throw refused("the run directory " + folder + " can be changed by other users", null);
    }
  }

  private static ResourceException refused(String what, @Nullable IOException cause) {
    return new ResourceException(
        "EACCES", what + "; set " + BASE_VARIABLE + " to a directory of your own", cause);
  }

  /**
   * Lets workers of other users reach the attach socket, which listens already, and nothing else:
   * they can pass through, but neither list what is here nor connect to the control socket.
   */
  public void letOthersAttach() throws IOException {
    Passage.open(directory.resolveSibling("."));
    Passage.open(directory);
    Files.setPosixFilePermissions(attach(), PosixFilePermissions.fromString("rw-rw-rw-"));
  }

  /**
   * Removes what a supervisor that was killed was reached by. What its workers still use stays.
   * Only for the holder of the lock.
   */
  public void clean() throws IOException {
    Files.deleteIfExists(control());
    Files.deleteIfExists(attach());
  }

  private void removeAll() throws IOException {
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(directory, "{*.sock*,state-*.json*}")) {
      for (Path one : all) {
        Files.deleteIfExists(one);
      }
    }
  }

  /** Removes the directory and what is left in it. Only for the holder of the lock. */
  public void remove() throws IOException {
    removeAll();
    leases().remove();
    store().removeAll();
    Files.deleteIfExists(lock());
    try {
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException e) {
      // The next supervisor of this name has begun.
    }
  }

  /** One with nothing but files in it; or none at all. */
  static void removeFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder, NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          Files.deleteIfExists(file);
        }
      }
      Files.deleteIfExists(folder);
    }
  }

  public Path path() {
    return directory;
  }

  /** What workers have kept. Whoever asks closes it. */
  public Store store() {
    return new Store(directory.resolve("store"));
  }

  public Leases leases() {
    return new Leases(directory.resolve("leases"));
  }

  public Path lock() {
    return directory.resolve("lock");
  }

  public Path attach() {
    return directory.resolve("attach.sock");
  }

  public Path control() {
    return directory.resolve("control.sock");
  }

  private static Path base(Map<String, String> environment) throws IOException {
    String chosen = environment.get(BASE_VARIABLE);
    if (chosen != null && !chosen.isEmpty()) {
      return Path.of(chosen).toAbsolutePath();
    }
    int uid = uid();
    if (uid == 0) {
      return Path.of("/run/baton");
    }
    String session = environment.get("XDG_RUNTIME_DIR");
    return session != null && !session.isEmpty()
        ? Path.of(session, "baton")
        : Path.of(System.getProperty("java.io.tmpdir"), "baton-" + uid);
  }

  /** The user this process runs as. */
  public static int uid() throws IOException {
    return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }

  private static boolean isAnswered(Path socket) {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return probe.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
