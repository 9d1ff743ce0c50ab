package dev.baton.supervisor.resource;

import dev.baton.supervisor.config.Address;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sockets that only the supervisor knows, by the worker each was made for.
 *
 * @param <W> identifies a worker
 */
final class PrivateFaces<W> implements Closeable {
  /** Only probes connect to a private socket. */
  private static final int BACKLOG = 128;

  private static final String PREFIX = "face-";
  private static final String SUFFIX = ".sock";

  private final Path directory;
  private final Map<W, Map<Address, Face>> faces = new LinkedHashMap<>();
  private int paths;

  PrivateFaces(Path directory) {
    this.directory = directory;
  }

  private record Face(Socket socket, @Nullable Path path) implements Closeable {
    @Override
    public void close() throws IOException {
      socket.close();
      if (path != null) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** The worker's face of a listener; made when it is asked for first. */
  FileDescriptor of(W worker, Listener listener) throws IOException {
    Map<Address, Face> own = faces.computeIfAbsent(worker, w -> new LinkedHashMap<>());
    Face face = own.get(listener.address());
    if (face == null) {
      face = make(listener);
      own.put(listener.address(), face);
    }
    return face.socket().descriptor();
  }

  private Face make(Listener listener) throws IOException {
    Address address = listener.address();
    if (!address.isUnix()) {
      return new Face(Socket.onLoopback(address.kind(), listener.family(), BACKLOG), null);
    }
    Path path = free();
    UnixPath.checkLength(path);
    Face face = new Face(Socket.atPath(path), path);
    try {
      face.socket().listen(BACKLOG);
      return face;
    } catch (IOException e) {
      Closing.after(e, face);
      throw e;
    }
  }

  /** Another supervisor may have made some that are in use. */
  private Path free() {
    Path path;
    do {
      path = directory.resolve(PREFIX + ++paths + SUFFIX);
    } while (Files.exists(path, LinkOption.NOFOLLOW_LINKS));
    return path;
  }

  /**
   * Takes back one that another supervisor has made.
   *
   * @param socket becomes ours
   */
  void reclaim(W worker, Address address, Socket socket) throws IOException {
    Path path = socket.address() instanceof UnixDomainSocketAddress unix ? unix.getPath() : null;
    Map<Address, Face> own = faces.computeIfAbsent(worker, w -> new LinkedHashMap<>());
    if (own.containsKey(address)) {
      socket.close();
    } else {
      own.put(address, new Face(socket, path));
    }
  }

  /** Removes the paths of faces that nobody has taken back. */
  void removeOthers() throws IOException {
    Set<Path> ours = new HashSet<>();
    faces.values().forEach(own -> own.values().forEach(face -> ours.add(path(face))));
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX)) {
      for (Path one : all) {
        if (!ours.contains(one)) {
          Files.deleteIfExists(one);
        }
      }
    }
  }

  private static Path path(Face face) {
    return face.path() == null ? Path.of("") : face.path();
  }

  boolean has(W worker, Address address) {
    return faces.getOrDefault(worker, Map.of()).containsKey(address);
  }

  /** What the kernel calls the worker's, and whose faces they are. */
  Map<String, Address> targets(W worker) {
    Map<String, Address> targets = new LinkedHashMap<>();
    sockets(worker).forEach((address, socket) -> targets.put(socket.target(), address));
    return targets;
  }

  /** Where to reach the worker and no other, in the order of its binds. */
  Map<Address, SocketAddress> addresses(W worker) {
    Map<Address, SocketAddress> addresses = new LinkedHashMap<>();
    sockets(worker).forEach((address, socket) -> addresses.put(address, socket.address()));
    return addresses;
  }

  /** The worker's as they are now, in the order of its binds. */
  Map<Address, Socket> sockets(W worker) {
    Map<Address, Socket> sockets = new LinkedHashMap<>();
    faces
        .getOrDefault(worker, Map.of())
        .forEach((address, face) -> sockets.put(address, face.socket()));
    return sockets;
  }

  void release(W worker, Address address) throws IOException {
    Face face = faces.getOrDefault(worker, new LinkedHashMap<>()).remove(address);
    if (face != null) {
      face.close();
    }
  }

  void forget(W worker) throws IOException {
    Map<Address, Face> gone = faces.remove(worker);
    if (gone != null) {
      Closing.all(gone.values());
    }
  }

  @Override
  public void close() throws IOException {
    List<Face> gone = faces.values().stream().flatMap(own -> own.values().stream()).toList();
    faces.clear();
    Closing.all(gone);
  }
}
