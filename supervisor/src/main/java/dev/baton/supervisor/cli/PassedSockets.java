package dev.baton.supervisor.cli;

import dev.baton.jdk.Descriptors;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.ListenerConfig;
import dev.baton.supervisor.core.Snapshot;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.resource.ListenerTable;
import dev.baton.supervisor.systemd.Activation;
import dev.baton.supervisor.takeover.State;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes listeners of the sockets a service manager has passed, or kept for us. */
final class PassedSockets {
  private final Map<Address, Claim> claims = new HashMap<>();
  private final Consumer<String> log;

  /** Whose an address is. */
  private record Claim(String service, @Nullable ListenerConfig config) {}

  /**
   * Knows who wants what.
   *
   * @param before another supervisor's state, whose workers had listeners of their own choice
   */
  PassedSockets(Config config, @Nullable State before, Consumer<String> log)
      throws ConfigException {
    this.log = log;
    if (before != null) {
      for (Snapshot.OfService service : before.supervision().services()) {
        for (String listener : service.listeners()) {
          claims.put(Address.parse(listener), new Claim(service.name(), null));
        }
      }
    }
    config
        .services()
        .forEach(
            (name, service) ->
                service
                    .listeners()
                    .forEach(one -> claims.put(one.address(), new Claim(name, one))));
  }

  /** Takes those that somebody wants, and closes the others. */
  void take(Map<String, String> environment, ListenerTable<WorkerId> listeners) {
    Set<String> seen = new HashSet<>();
    for (Activation.Passed passed :
        Activation.take(environment, ProcessHandle.current().pid(), log)) {
      String target = Descriptors.target(Descriptors.number(passed.descriptor()));
      if (seen.add(target)) {
        take(passed, listeners);
      } else {
        Descriptors.close(passed.descriptor()); // kept, and opened by a socket unit too
      }
    }
  }

  private void take(Activation.Passed passed, ListenerTable<WorkerId> listeners) {
    try {
      Address address = ListenerTable.addressOf(passed.descriptor());
      Claim claim = address == null ? null : claims.get(address);
      if (address == null || claim == null) {
        log.accept(
            "nobody wants the socket "
                + passed.name()
                + " at "
                + (address == null ? "no address of ours" : address)
                + ", which was passed to us; it is closed");
        Descriptors.close(passed.descriptor());
      } else {
        listeners.claim(claim.service(), address, claim.config(), passed.descriptor());
      }
    } catch (IOException | ConfigException e) {
      Descriptors.close(passed.descriptor());
      log.accept("the socket " + passed.name() + " cannot be used: " + e.getMessage());
    }
  }
}
