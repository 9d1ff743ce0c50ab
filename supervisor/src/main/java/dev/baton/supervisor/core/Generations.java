package dev.baton.supervisor.core;

import com.google.common.collect.ImmutableSet;
import dev.baton.supervisor.config.ServiceConfig;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The launches of one service: which serves, which can be returned to, which are copied. */
final class Generations {
  // Mutable state
  private Generation current;
  private @Nullable Generation previous;
  private int last;
  private final Set<Integer> asked = new TreeSet<>();
  private final Set<Integer> prepared = new TreeSet<>();

  Generations(ServiceConfig config, int first) {
    this.last = first;
    this.current = new Generation(first, config);
  }

  /**
   * As another supervisor has left them.
   *
   * @param known all that its record names, by their numbers
   */
  Generations(Snapshot.OfService record, Map<Integer, Generation> known) {
    this.last = record.last();
    this.current = Objects.requireNonNull(known.get(record.current()));
    this.previous = known.get(record.previous());
    this.prepared.addAll(record.prepared());
  }

  /** The numbers of those that are copied. */
  ImmutableSet<Integer> prepared() {
    return ImmutableSet.copyOf(prepared);
  }

  /** The highest number that was ever given. */
  int last() {
    return last;
  }

  /** What a new worker belongs to, outside of a restart. */
  Generation current() {
    return current;
  }

  /** What a roll-back returns to; null before the first restart has succeeded. */
  @Nullable Generation previous() {
    return previous;
  }

  /** The next one. */
  Generation create(ServiceConfig config) {
    return new Generation(++last, config);
  }

  /** All slots have it; the one before can be returned to. */
  void adopt(Generation serving) {
    if (!serving.equals(current)) {
      previous = current;
      current = serving;
    }
  }

  /** Whether that listener is one of the configuration, now or before the last restart. */
  boolean configure(String listener) {
    boolean before = previous != null && previous.listeners().contains(listener);
    return before || current.listeners().contains(listener);
  }

  /** Starts afresh with what is wanted now; nobody serves. */
  void startWith(ServiceConfig config) {
    if (!config.equals(current.config())) {
      previous = null;
      current = create(config);
    }
  }

  /** Asks, once, for what a worker of this generation is launched from. */
  void prepare(Generation generation, Set<WorkerId> beside, Actions actions) {
    if (asked.add(generation.number())) {
      String service = generation.config().name();
      actions.add(edges -> edges.prepare(service, generation, beside));
    }
  }

  void prepared(int number) {
    asked.remove(number);
    prepared.add(number);
  }

  void preparationFailed(int number) {
    asked.remove(number);
  }

  boolean isAsked(Generation generation) {
    return asked.contains(generation.number());
  }

  boolean isPrepared(Generation generation) {
    return prepared.contains(generation.number());
  }

  /** The lowest number of which there can be a worker again. */
  int oldest(Set<Integer> alive) {
    int oldest =
        previous == null ? current.number() : Math.min(previous.number(), current.number());
    return Math.min(oldest, alive.stream().mapToInt(Integer::intValue).min().orElse(oldest));
  }

  /** Forgets all copies: nobody runs on any, and nobody returns to one. */
  void discardAll(Actions actions) {
    String service = current.config().name();
    for (int number : Set.copyOf(prepared)) {
      prepared.remove(number);
      actions.add(edges -> edges.discard(service, number));
    }
  }

  /** Forgets the copies that nobody runs on and nobody can return to. */
  void discardBut(Set<Integer> alive, Actions actions) {
    String service = current.config().name();
    for (int number : Set.copyOf(prepared)) {
      boolean kept = previous != null && previous.number() == number;
      if (number != current.number() && !kept && !alive.contains(number)) {
        prepared.remove(number);
        actions.add(edges -> edges.discard(service, number));
      }
    }
  }
}
