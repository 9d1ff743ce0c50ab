package dev.baton.supervisor.resource;

import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.ListenerConfig;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

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

  /** The worker is gone: closes its private faces, and puts back what it may have removed. */
  public void forget(W worker) throws IOException {
    faces.forget(worker);
    for (Listener listener : shared.all()) {
      listener.restorePath();
    }
  }

  /** All that is held, in the order in which it was opened. */
  public List<Held> held() {
    return shared.all().stream()
        .map(
            listener ->
                new Held(
                    listener.owner().service(),
                    listener.config().name(),
                    listener.address(),
                    listener.config().backlog(),
                    listener.sockets(),
                    listener.config().v6only(),
                    listener.owner().configured()))
        .toList();
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
