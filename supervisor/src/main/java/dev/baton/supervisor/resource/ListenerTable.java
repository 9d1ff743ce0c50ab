package dev.baton.supervisor.resource;

import dev.baton.supervisor.config.Address;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every socket the supervisor holds: the shared ones by their address, and the private ones by the
 * worker they were made for. Belongs to the loop.
 *
 * @param <W> identifies a worker
 */
public final class ListenerTable<W> implements Closeable {
  /** Only probes connect to a private socket. */
  private static final int PRIVATE_BACKLOG = 128;

  private final Path facesDirectory;
  private final int backlog;
  private final Family preferred = preferredFamily();

  // Mutable state
  private final Map<Address, Listener> listeners = new LinkedHashMap<>();
  private final Map<W, Map<Address, PrivateFace>> faces = new LinkedHashMap<>();
  private int unixFaces;

  /**
   * Holds nothing yet.
   *
   * @param facesDirectory where the private sockets of unix listeners get their paths
   */
  public ListenerTable(Path facesDirectory, int backlog) {
    this.facesDirectory = facesDirectory;
    this.backlog = backlog;
  }

  /** The descriptors of a grant; they stay the table's. */
  public record Faces(FileDescriptor shared, FileDescriptor hidden, int backlog) {}

  private record PrivateFace(Socket socket, @Nullable Path path) {
    void close() throws IOException {
      socket.close();
      if (path != null) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** Opens a listener before anybody asks for it. */
  public void open(Address address) throws ResourceException {
    listener(address, preferred);
  }

  /** The two faces of a listener for a worker; opens what is missing. */
  public Faces grant(W worker, Address address, Family family) throws IOException {
    Listener listener = listener(address, family);
    listener.restorePath();
    Map<Address, PrivateFace> own = faces.computeIfAbsent(worker, w -> new LinkedHashMap<>());
    PrivateFace face = own.get(address);
    if (face == null) {
      face = newFace(listener);
      own.put(address, face);
    }
    return new Faces(listener.descriptor(), face.socket().descriptor(), listener.backlog());
  }

  public boolean hasGranted(W worker, Address address) {
    return faces.getOrDefault(worker, Map.of()).containsKey(address);
  }

  /** The worker has closed the listener; it may ask for it again. */
  public void release(W worker, Address address) throws IOException {
    PrivateFace face = faces.getOrDefault(worker, new LinkedHashMap<>()).remove(address);
    if (face != null) {
      face.close();
    }
  }

  /** Where to reach one worker and no other: its private stream sockets, in the order of binds. */
  public Map<Address, SocketAddress> privateAddresses(W worker) {
    Map<Address, SocketAddress> addresses = new LinkedHashMap<>();
    faces
        .getOrDefault(worker, Map.of())
        .forEach((address, face) -> addresses.put(address, face.socket().address()));
    return addresses;
  }

  /** The worker is gone: closes its private faces, and puts back what it may have removed. */
  public void forget(W worker) throws IOException {
    Map<Address, PrivateFace> gone = faces.remove(worker);
    if (gone != null) {
      closeAll(gone.values().stream().map(face -> (Closeable) face::close).toList());
    }
    for (Listener listener : listeners.values()) {
      listener.restorePath();
    }
  }

  public List<Address> addresses() {
    return List.copyOf(listeners.keySet());
  }

  /** Closes everything. What waits in the queues is lost, so only when no worker is left. */
  @Override
  public void close() throws IOException {
    List<Closeable> all = new ArrayList<>(listeners.values());
    faces.values().forEach(own -> own.values().forEach(face -> all.add(face::close)));
    listeners.clear();
    faces.clear();
    closeAll(all);
  }

  private Listener listener(Address address, Family family) throws ResourceException {
    Listener held = listeners.get(address);
    if (held == null) {
      held = Listener.open(address, family, backlog);
      listeners.put(address, held);
    }
    return held;
  }

  private PrivateFace newFace(Listener listener) throws IOException {
    Address address = listener.address();
    if (!address.isUnix()) {
      return new PrivateFace(
          Socket.onLoopback(address.kind(), listener.family(), PRIVATE_BACKLOG), null);
    }
    Path path = facesDirectory.resolve("face-" + ++unixFaces + ".sock");
    UnixPath.checkLength(path);
    Files.deleteIfExists(path);
    Address hidden = Address.unix(path.toString());
    return new PrivateFace(Socket.bind(hidden, listener.family(), PRIVATE_BACKLOG), path);
  }

  private static void closeAll(Iterable<Closeable> all) throws IOException {
    IOException failure = null;
    for (Closeable one : all) {
      try {
        one.close();
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static Family preferredFamily() {
    // The same rule by which the JDK makes the sockets of applications.
    boolean ipv4Only = Boolean.getBoolean("java.net.preferIPv4Stack");
    return !ipv4Only && Files.exists(Path.of("/proc/net/if_inet6")) ? Family.INET6 : Family.INET;
  }
}
