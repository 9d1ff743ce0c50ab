package dev.baton.supervisor.resource;

import dev.baton.supervisor.config.Address;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sockets that only the supervisor knows, by the worker each was made for.
 *
 * @param <W> identifies a worker
 */
final class PrivateFaces<W> implements Closeable {
  /** Only probes connect to a private socket. */
  private static final int BACKLOG = 128;

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
    Path path = directory.resolve("face-" + ++paths + ".sock");
    UnixPath.checkLength(path);
    Files.deleteIfExists(path);
    Face face = new Face(Socket.atPath(path), path);
    try {
      face.socket().listen(BACKLOG);
      return face;
    } catch (IOException e) {
      Closing.after(e, face);
      throw e;
    }
  }

  boolean has(W worker, Address address) {
    return faces.getOrDefault(worker, Map.of()).containsKey(address);
  }

  /** Where to reach the worker and no other, in the order of its binds. */
  Map<Address, SocketAddress> addresses(W worker) {
    Map<Address, SocketAddress> addresses = new LinkedHashMap<>();
    faces
        .getOrDefault(worker, Map.of())
        .forEach((address, face) -> addresses.put(address, face.socket().address()));
    return addresses;
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
