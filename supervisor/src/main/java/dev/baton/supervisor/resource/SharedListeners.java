package dev.baton.supervisor.resource;

import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.ListenerConfig;
import dev.baton.supervisor.resource.Listener.Opening;
import dev.baton.supervisor.resource.Listener.Owner;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What clients connect to, of all services. An address belongs to one of them. */
final class SharedListeners implements Closeable {
  private final Path ownDirectory;
  private final int defaultBacklog;
  private final Family preferred = preferredFamily();
  private final Map<Address, Listener> listeners = new LinkedHashMap<>();

  SharedListeners(Path ownDirectory, int defaultBacklog) {
    this.ownDirectory = ownDirectory;
    this.defaultBacklog = defaultBacklog;
  }

  private static Family preferredFamily() {
    // The same rule by which the JDK makes the sockets of applications.
    boolean ipv4Only = Boolean.getBoolean("java.net.preferIPv4Stack");
    return !ipv4Only && Files.exists(Path.of("/proc/net/if_inet6")) ? Family.INET6 : Family.INET;
  }

  Collection<Listener> all() {
    return Collections.unmodifiableCollection(listeners.values());
  }

  List<Address> addresses() {
    return List.copyOf(listeners.keySet());
  }

  /** Of one that nobody has configured. */
  ListenerConfig plain(Address address) {
    return ListenerConfig.of(address, defaultBacklog);
  }

  /** The listener for a worker of the service that binds the address; opens it if need be. */
  Listener bound(String service, Address address, Family family) throws ResourceException {
    Listener held = listeners.get(address);
    ListenerConfig plain = plain(address);
    if (held == null) {
      return open(plain, family, new Owner(service, false));
    }
    if (!held.owner().service().equals(service)) {
      throw belongsTo(held, plain);
    }
    return held;
  }

  /**
   * Takes back a listener that another supervisor has held.
   *
   * @param socket becomes ours
   * @return false when it is held already, and the socket was closed
   */
  boolean reclaim(ListenerConfig config, Owner owner, int slot, Socket socket) throws IOException {
    Listener held = listeners.get(config.address());
    try {
      if (held == null) {
        Opening how = new Opening(owner, ownDirectory);
        listeners.put(config.address(), Listener.reclaim(config, slot, socket, how));
        return true;
      }
      if (held.reclaim(slot, socket)) {
        return true;
      }
    } catch (IOException | RuntimeException e) {
      Closing.after(e, socket);
      throw e;
    }
    socket.close();
    return false;
  }

  /** Holds all that the services want; what they no longer want stays as it is. */
  Preparation prepare(Map<String, ? extends Collection<ListenerConfig>> wanted)
      throws ResourceException {
    Preparation preparation = new Preparation();
    try {
      for (Map.Entry<String, ? extends Collection<ListenerConfig>> service : wanted.entrySet()) {
        for (ListenerConfig listener : service.getValue()) {
          hold(listener, new Owner(service.getKey(), true), wanted, preparation);
        }
      }
      return preparation;
    } catch (ResourceException | RuntimeException e) {
      Closing.after(e, preparation);
      throw e;
    }
  }

  private void hold(
      ListenerConfig listener,
      Owner owner,
      Map<String, ? extends Collection<ListenerConfig>> wanted,
      Preparation preparation)
      throws ResourceException {
    Listener held = listeners.get(listener.address());
    if (held == null) {
      open(listener, preferred, owner);
      preparation.add(() -> close(listener.address()));
      return;
    }
    boolean sameService = held.owner().service().equals(owner.service());
    if (!sameService && !isGivenUp(held, wanted)) {
      throw belongsTo(held, listener);
    }
    try {
      preparation.add(held.remember());
    } catch (IOException e) {
      throw BindErrors.explain(listener, e);
    }
    held.change(owner, listener);
  }

  /**
   * Whether the service that has it is to have it no longer, so that it can move with its queue.
   */
  private static boolean isGivenUp(
      Listener held, Map<String, ? extends Collection<ListenerConfig>> wanted) {
    Collection<ListenerConfig> ofOwner = wanted.get(held.owner().service());
    return held.owner().configured()
        && ofOwner != null
        && ofOwner.stream().noneMatch(one -> one.address().equals(held.address()));
  }

  private static ResourceException belongsTo(Listener held, ListenerConfig wanted) {
    return BindErrors.refused(
        "EADDRINUSE",
        wanted,
        "service "
            + held.owner().service()
            + (held.owner().configured() ? " has it" : " has it, because its workers have bound it")
            + "; an address belongs to one service");
  }

  private Listener open(ListenerConfig config, Family family, Owner owner)
      throws ResourceException {
    try {
      Listener made = Listener.open(config, family, new Opening(owner, ownDirectory));
      listeners.put(config.address(), made);
      return made;
    } catch (ResourceException e) {
      Listener inTheWay = e.errno().equals("EADDRINUSE") ? covering(config.address()) : null;
      throw inTheWay == null ? e : covers(inTheWay, config, e);
    }
  }

  /** One of ours that the kernel must have found in the way. */
  private @Nullable Listener covering(Address address) {
    for (Listener listener : listeners.values()) {
      Address held = listener.address();
      boolean samePort = held.kind() == address.kind() && held.port() == address.port();
      boolean one = held.host().equals("*") || address.host().equals("*");
      if (samePort && one && !address.isUnix()) {
        return listener;
      }
    }
    return null;
  }

  private static ResourceException covers(
      Listener covering, ListenerConfig wanted, ResourceException e) {
    return BindErrors.refused(
        "EADDRINUSE",
        wanted,
        "the listener "
            + BindErrors.label(covering.config())
            + " of service "
            + covering.owner().service()
            + " has that port; choose another one, or different IP addresses for both",
        e);
  }

  private void close(Address address) throws IOException {
    Listener listener = listeners.remove(address);
    if (listener != null) {
      listener.close();
    }
  }

  /** Does nothing when the service has no such listener, or has it no longer. */
  void close(String service, Address address) throws IOException {
    Listener listener = listeners.get(address);
    if (listener != null && listener.owner().service().equals(service)) {
      close(address);
    }
  }

  List<Listener> of(String service) {
    return listeners.values().stream()
        .filter(listener -> listener.owner().service().equals(service))
        .toList();
  }

  void closeService(String service) throws IOException {
    List<Listener> gone = of(service);
    gone.forEach(listener -> listeners.remove(listener.address()));
    Closing.all(gone);
  }

  @Override
  public void close() throws IOException {
    List<Listener> gone = new ArrayList<>(listeners.values());
    listeners.clear();
    Closing.all(gone);
  }
}
