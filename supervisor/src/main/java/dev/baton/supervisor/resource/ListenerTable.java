package dev.baton.supervisor.resource;

import dev.baton.jdk.Descriptors;
import dev.baton.jdk.ServerSockets;
import dev.baton.jdk.Sockets;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.ListenerConfig;
import dev.baton.supervisor.resource.Listener.Owner;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Every socket the supervisor holds: the shared ones by their address, and the private ones by the
 * worker they were made for. Belongs to the loop.
 *
 * @param <W> identifies a worker
 */
public final class ListenerTable<W> implements Closeable {
  private final SharedListeners shared;
  private final PrivateFaces<W> faces;

  /**
   * Holds nothing yet.
   *
   * @param ownDirectory where nobody but us can change anything; the private sockets of unix
   *     listeners get their paths there
   * @param defaultBacklog of listeners that nobody configured
   */
  public ListenerTable(Path ownDirectory, int defaultBacklog) {
    this.shared = new SharedListeners(ownDirectory, defaultBacklog);
    this.faces = new PrivateFaces<>(ownDirectory);
  }

  /** Where a worker stands: listeners belong to its service, and in groups a socket to its slot. */
  public record Place(String service, int slot) {}

  /** The descriptors of a grant; they stay the table's. */
  public record Faces(FileDescriptor shared, FileDescriptor hidden, int backlog) {}

  /**
   * What is held at an address.
   *
   * @param service whose it is
   * @param sockets how many there are: more than one only in a reuse-port group
   * @param v6only whether it leaves IPv4 alone
   * @param configured false for one that was opened because a worker bound it
   */
  public record Held(
      String service,
      String name,
      Address address,
      int backlog,
      int sockets,
      boolean v6only,
      boolean configured) {}

  /**
   * Opens what a service wants and does not have yet, and gives what it has the options it wants:
   * all of it or, when it throws, nothing. A socket that is held stays the same.
   */
  public void open(String service, Collection<ListenerConfig> wanted) throws ResourceException {
    prepare(Map.of(service, wanted)).keep();
  }

  /**
   * The same for several services, in a way that can be taken back. Backlog, mode and owner change
   * where sockets are held already; v6only and reuse-port cannot. What a service no longer wants
   * stays open until it is closed, unless another service of these wants it: to that one it moves,
   * with all who wait in its queue. When this throws, everything is as it was.
   *
   * @param wanted all that each of these services is to have, by their names
   */
  public Preparation prepare(Map<String, ? extends Collection<ListenerConfig>> wanted)
      throws ResourceException {
    return shared.prepare(wanted);
  }

  /**
   * Closes a listener of a service, and drops what waits in its queue: only when no worker needs it
   * any more. Does nothing when the address is not the service's.
   */
  public void close(String service, Address address) throws IOException {
    shared.close(service, address);
  }

  /** Closes all listeners of a service, when none of its workers is left. */
  public void closeService(String service) throws IOException {
    shared.closeService(service);
  }

  /**
   * Ends the slot's part in the reuse-port groups of its service; its next worker would get a new
   * one. To be called as soon as the worker is on its private face: what comes until then waits at
   * a socket from which nobody accepts, and is reset here, unless the kernel may move it ({@code
   * net.ipv4.tcp_migrate_req}). The worker must not be switched on again: its shared face is dead.
   * Other listeners are not concerned.
   */
  public void closeSlot(Place place) throws IOException {
    Closing.all(
        shared.of(place.service()).stream()
            .map(listener -> (Closeable) () -> listener.closeSlot(place.slot()))
            .toList());
  }

  /** The two faces of a listener for a worker; opens what is missing. */
  public Faces grant(W worker, Place place, Address address, Family family) throws IOException {
    Listener listener = shared.bound(place.service(), address, family);
    listener.restorePath();
    FileDescriptor accepts = listener.descriptor(place.slot());
    return new Faces(accepts, faces.of(worker, listener), listener.config().backlog());
  }

  /**
   * Takes back what another supervisor has granted to a worker: the shared socket, if nobody has
   * offered it yet, and the worker's private face.
   *
   * @param config how the listener was configured; null if a worker has bound it by its own choice
   * @param descriptors the shared and the private one; become the table's, or are closed
   * @return whether the listener was not held yet
   */
  public boolean reclaim(
      W worker,
      Place place,
      Address address,
      @Nullable ListenerConfig config,
      List<FileDescriptor> descriptors)
      throws IOException {
    Socket accepts = null;
    Socket hidden = null;
    try {
      accepts = check(address, Socket.of(descriptors.get(0)));
      hidden = Socket.of(descriptors.get(1));
    } catch (IOException | RuntimeException e) {
      descriptors.forEach(Descriptors::close);
      throw e;
    }
    faces.reclaim(worker, address, hidden);
    return hold(place, address, config, accepts);
  }

  private boolean hold(Place place, Address address, @Nullable ListenerConfig config, Socket socket)
      throws IOException {
    ListenerConfig used = config == null ? shared.plain(address) : config;
    Owner owner = new Owner(place.service(), config != null);
    return shared.reclaim(used, owner, place.slot(), socket);
  }

  /**
   * Takes back what another supervisor has held, whether a worker has it or not.
   *
   * @param descriptor becomes the table's, or is closed
   */
  public boolean reclaim(
      String service, Address address, @Nullable ListenerConfig config, FileDescriptor descriptor)
      throws IOException {
    Socket accepts;
    try {
      accepts = check(address, Socket.of(descriptor));
    } catch (IOException | RuntimeException e) {
      Descriptors.close(descriptor);
      throw e;
    }
    return hold(new Place(service, 0), address, config, accepts);
  }

  /**
   * Makes a listener of a socket that somebody else has opened.
   *
   * @param descriptor becomes the table's; stays the caller's when this throws
   */
  public void claim(
      String service, Address address, @Nullable ListenerConfig config, FileDescriptor descriptor)
      throws IOException {
    Socket socket = Socket.of(descriptor);
    ServerSockets.makeNonBlocking(descriptor);
    socket.listen((config == null ? shared.plain(address) : config).backlog());
    hold(new Place(service, 0), address, config, socket);
  }

  /** Where a socket listens; null when it is bound to nothing that could be a listener. */
  public static @Nullable Address addressOf(FileDescriptor descriptor)
      throws IOException, ConfigException {
    SocketAddress local = Socket.of(descriptor).address();
    if (local instanceof UnixDomainSocketAddress unix) {
      return unix.getPath().toString().isEmpty() ? null : Address.unix(unix.getPath().toString());
    }
    if (!(local instanceof InetSocketAddress inet) || inet.getPort() == 0) {
      return null;
    }
    String kind = Sockets.isStream(descriptor) ? "tcp:" : "udp:";
    String host = inet.getAddress().isAnyLocalAddress() ? "*" : inet.getAddress().getHostAddress();
    return Address.parse(kind + "[" + host + "]:" + inet.getPort());
  }

  /** The sockets that all slots of a service share, by their listeners; they stay the table's. */
  public Map<Held, FileDescriptor> shared() {
    Map<Held, FileDescriptor> all = new LinkedHashMap<>();
    for (Listener listener : shared.all()) {
      if (!listener.config().reusePort()) {
        all.put(held(listener), listener.socket());
      }
    }
    return all;
  }

  /** A worker could offer anything. */
  private static Socket check(Address address, Socket offered) throws ResourceException {
    boolean same =
        address.isUnix()
            ? offered.address() instanceof UnixDomainSocketAddress unix
                && unix.getPath().toString().equals(address.path())
            : offered.address() instanceof InetSocketAddress inet
                && inet.getPort() == address.port();
    if (!same) {
      throw new ResourceException(
          "EINVAL", "a socket at " + offered.address() + " was offered for " + address, null);
    }
    return offered;
  }

  /** All that could be taken back was: removes what is left of faces of workers that are gone. */
  public void removeOtherFaces() throws IOException {
    faces.removeOthers();
  }

  public boolean hasGranted(W worker, Address address) {
    return faces.has(worker, address);
  }

  /** The worker has closed the listener; it may ask for it again. */
  public void release(W worker, Address address) throws IOException {
    faces.release(worker, address);
  }

  /** Where to reach one worker and no other: its private sockets, in the order of binds. */
  public Map<Address, SocketAddress> privateAddresses(W worker) {
    return faces.addresses(worker);
  }

  /**
   * Says of a listener of the worker whether somebody waits to be accepted by it and no other. Any
   * thread may ask, as long as it likes: when that socket is closed, nobody waits.
   */
  public Predicate<Address> privateQueues(W worker) {
    Map<Address, Socket> sockets = faces.sockets(worker);
    return address -> {
      Socket socket = sockets.get(address);
      return socket != null && socket.isAnybodyWaiting();
    };
  }

  /** The worker is gone: closes its private faces, and puts back what it may have removed. */
  public void forget(W worker) throws IOException {
    faces.forget(worker);
    for (Listener listener : shared.all()) {
      listener.restorePath();
    }
  }

  /** All that is held, in the order in which it was opened. */
  public List<Held> held() {
    return shared.all().stream().map(ListenerTable::held).toList();
  }

  private static Held held(Listener listener) {
    return new Held(
        listener.owner().service(),
        listener.config().name(),
        listener.address(),
        listener.config().backlog(),
        listener.sockets(),
        listener.config().v6only(),
        listener.owner().configured());
  }

  /** What the kernel calls the shared sockets of each listener that is held. */
  public Map<String, Held> targets() {
    Map<String, Held> targets = new LinkedHashMap<>();
    for (Listener listener : shared.all()) {
      listener.targets().forEach(target -> targets.put(target, held(listener)));
    }
    return targets;
  }

  /** What the kernel calls the private faces of a worker. */
  public Map<String, Address> targets(W worker) {
    return faces.targets(worker);
  }

  public List<Address> addresses() {
    return shared.addresses();
  }

  /** Closes everything. What waits in the queues is lost, so only when no worker is left. */
  @Override
  public void close() throws IOException {
    Closing.all(List.of(shared, faces));
  }
}
