package dev.baton.supervisor.config.toml;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.ListenerConfig;
import dev.baton.supervisor.config.toml.Forms.Placed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Refuses listeners whose addresses are the same, or include one another. */
final class TakenAddresses {
  private TakenAddresses() {}

  static void check(ImmutableList<ServiceKeys.Read> services) {
    Map<String, List<Placed<ListenerConfig>>> byPort = new HashMap<>();
    for (ServiceKeys.Read service : services) {
      for (Placed<ListenerConfig> listener : service.listeners()) {
        Address address = listener.read().address();
        String port = address.kind() + " " + address.port() + address.path();
        List<Placed<ListenerConfig>> earlier =
            byPort.computeIfAbsent(port, any -> new ArrayList<>());
        earlier.stream()
            .filter(other -> collide(other.read(), listener.read()))
            .findFirst()
            .ifPresent(other -> complain(listener, other));
        earlier.add(listener);
      }
    }
  }

  private static void complain(Placed<ListenerConfig> listener, Placed<ListenerConfig> other) {
    Place place = other.value().place();
    listener
        .value()
        .complain(
            listener.read().address()
                + " is taken by "
                + place.key()
                + " in line "
                + place.line()
                + "; give each listener an address of its own");
  }

  /** The port or path is the same; a socket of every address collides with any other. */
  private static boolean collide(ListenerConfig one, ListenerConfig other) {
    return one.address().equals(other.address()) || includes(one, other) || includes(other, one);
  }

  private static boolean includes(ListenerConfig every, ListenerConfig other) {
    return every.address().host().equals("*")
        && (!every.v6only() || other.address().host().contains(":"));
  }
}
