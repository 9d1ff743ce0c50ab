package dev.baton.supervisor.core;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which listeners a service needs: those it is configured with, and those its workers bind. */
final class Listening {
  // Mutable state
  private Set<String> needed = Set.of();

  Set<String> needed() {
    return needed;
  }

  /** What was needed when the supervisor before ended. */
  void resume(Set<String> held) {
    needed = held;
  }

  /** What those that serve have bound by their own choice: every other worker must have it too. */
  static Set<String> chosen(List<Worker> serving) {
    Set<String> chosen = new TreeSet<>();
    for (Worker worker : serving) {
      worker.listening().stream()
          .filter(listener -> !worker.generation().listeners().contains(listener))
          .forEach(chosen::add);
    }
    return chosen;
  }

  /**
   * Finds out anew what is needed.
   *
   * @param wanted whether the service is: then it needs what it was configured with and is
   * @return whether something is needed no longer
   */
  boolean update(
      boolean wanted, Set<String> configured, List<Worker> workers, Generations generations) {
    Set<String> now = new TreeSet<>();
    for (Worker worker : workers) {
      now.addAll(worker.listening());
      now.addAll(worker.generation().listeners());
    }
    if (wanted) {
      now.addAll(configured);
      now.addAll(generations.current().listeners());
      // What the application has chosen by itself is held as long as the service is wanted.
      needed.stream().filter(held -> !generations.configure(held)).forEach(now::add);
    }
    boolean less = !now.containsAll(needed);
    needed = now;
    return less;
  }
}
