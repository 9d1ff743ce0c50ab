package dev.baton.supervisor.resource;

import dev.baton.supervisor.config.ListenerConfig;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The path of a unix socket the supervisor has bound. A second, hidden name beside it keeps the
 * socket reachable when somebody removes the first.
 */
final class UnixPath {
  /** {@code sizeof(sockaddr_un.sun_path)} less the closing zero byte. */
  static final int MAX_BYTES = 107;

  private final Path path;
  private final Path keeper;
  private final @Nullable Object inode;

  private UnixPath(Path path, Path keeper, @Nullable Object inode) {
    this.path = path;
    this.keeper = keeper;
    this.inode = inode;
  }

  /** Removes what a dead process has left at the path; refuses to touch anything else. */
  static void makeFree(ListenerConfig listener) throws IOException {
    Path path = Path.of(listener.address().path());
    checkLength(path);
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!isSocket(path)) {
      throw BindErrors.refused("EADDRINUSE", listener, "it exists and is no socket");
    }
    if (isAnswered(path)) {
      throw BindErrors.refused(
          "EADDRINUSE", listener, "another process does; stop it or choose another path");
    }
    Files.deleteIfExists(path);
  }

  /** Whether that, and not what a link leads to, is a socket. */
  static boolean isSocket(Path path) throws IOException {
    int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return (mode & 0170000) == 0140000;
  }

  /** A path that does not fit into a socket address would fail with words nobody understands. */
  static void checkLength(Path path) throws ResourceException {
    int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_BYTES) {
      throw new ResourceException(
          "ENAMETOOLONG",
          "the socket path "
              + path
              + " has "
              + bytes
              + " bytes, the kernel allows "
              + MAX_BYTES
              + "; choose a shorter name or directory",
          null);
    }
  }

  private static boolean isAnswered(Path path) {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return probe.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      return false;
    }
  }

  /** Remembers the socket that was just bound at the path, which it removes when it throws. */
  static UnixPath keep(Path path) throws IOException {
    Path keeper = path.resolveSibling("." + path.getFileName() + ".baton");
    try {
      Files.deleteIfExists(keeper);
      Files.createLink(keeper, path);
      return new UnixPath(path, keeper, inode(path));
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  /** Of a socket that was bound by another supervisor, which has kept it. */
  static UnixPath again(Path path) throws IOException {
    Path keeper = path.resolveSibling("." + path.getFileName() + ".baton");
    if (!Files.exists(keeper, LinkOption.NOFOLLOW_LINKS)) {
      return keep(path); // somebody has removed the second name, but not the first
    }
    UnixPath kept = new UnixPath(path, keeper, inode(keeper));
    kept.restore();
    return kept;
  }

  Path path() {
    return path;
  }

  /** Makes the path lead to our socket again, in one step, if it does not. */
  void restore() throws IOException {
    if (Objects.equals(inode(path), inode)) {
      return;
    }
    Path link = path.resolveSibling(keeper.getFileName() + ".new");
    Files.deleteIfExists(link);
    Files.createLink(link, keeper);
    Files.move(link, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Removes both names, the first only if it is still ours. */
  void remove() throws IOException {
    Files.deleteIfExists(keeper);
    if (Objects.equals(inode(path), inode)) {
      Files.deleteIfExists(path);
    }
  }

  private static @Nullable Object inode(Path path) throws IOException {
    try {
      return Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    }
  }
}
