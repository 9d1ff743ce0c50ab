package dev.baton.supervisor.config.toml;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.baton.supervisor.config.toml.Forms.Placed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Refuses services that wait for one that does not exist, or for one another. */
final class StartOrder {
  private final ImmutableMap<String, ServiceKeys.Read> services;

  // Mutable state: those of which it is not yet known that they can start.
  private final Set<String> waiting;

  private StartOrder(ImmutableList<ServiceKeys.Read> all) {
    services = Maps.uniqueIndex(all, service -> service.config().name());
    waiting = new LinkedHashSet<>(services.keySet());
  }

  static void check(ImmutableList<ServiceKeys.Read> services) {
    StartOrder order = new StartOrder(services);
    services.forEach(order::refuseUnknown);
    order.refuseCircles();
  }

  private void refuseUnknown(ServiceKeys.Read service) {
    for (Placed<String> after : service.after()) {
      if (!services.containsKey(after.read())) {
        String hint = Nearest.hint(after.read(), services.keySet());
        after.value().complain("there is no service '" + after.read() + "'" + hint);
      }
    }
  }

  private void refuseCircles() {
    startAll();
    while (!waiting.isEmpty()) {
      List<Placed<String>> circle = circle();
      StringBuilder text = new StringBuilder(circle.get(circle.size() - 1).read());
      circle.forEach(step -> text.append(" -> ").append(step.read()));
      circle
          .get(0)
          .value()
          .complain("services wait for one another: " + text + "; leave out one of these");
      circle.forEach(step -> waiting.remove(step.read()));
      startAll();
    }
  }

  /** Takes out whatever waits for nobody, until nothing more can be taken out. */
  private void startAll() {
    boolean someStarted = true;
    while (someStarted) {
      someStarted = waiting.removeIf(name -> next(name) == null);
    }
  }

  /** The first that this service waits for and that cannot start. */
  private @Nullable Placed<String> next(String name) {
    ServiceKeys.Read service = services.get(name);
    if (service == null) {
      return null;
    }
    return service.after().stream()
        .filter(after -> waiting.contains(after.read()))
        .findFirst()
        .orElse(null);
  }

  /** The steps from a service, through those it waits for, back to itself. */
  private List<Placed<String>> circle() {
    Map<String, Placed<String>> steps = new LinkedHashMap<>();
    Placed<String> step = next(waiting.iterator().next());
    while (step != null && steps.putIfAbsent(step.read(), step) == null) {
      step = next(step.read());
    }
    if (step == null) {
      throw new IllegalStateException("nobody is waited for among " + waiting);
    }
    // What leads to the circle is none of it, and the first step into it neither.
    List<Placed<String>> circle = new ArrayList<>(steps.values());
    int first = ImmutableList.copyOf(steps.keySet()).indexOf(step.read());
    circle.add(step);
    return circle.subList(first + 1, circle.size());
  }
}
