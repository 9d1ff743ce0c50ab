package dev.baton.supervisor.core;

import com.google.common.collect.ImmutableMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Makes the workers of one service, no two with the same id. */
final class Spawner {
  private final Actions actions;
  private final BooleanSupplier isServed;
  private final Map<String, Integer> attempts = new HashMap<>();

  /**
   * Has made none yet.
   *
   * @param isServed whether somebody serves, whom a new worker must not disturb
   */
  Spawner(Actions actions, BooleanSupplier isServed) {
    this.actions = actions;
    this.isServed = isServed;
  }

  /** Launches the next worker of that generation in that place. */
  Worker spawn(Slot slot, Generation generation, long now) {
    String place = generation.number() + "/" + slot.index();
    int attempt = attempts.merge(place, 1, Integer::sum);
    WorkerId id =
        new WorkerId(generation.config().name(), generation.number(), slot.index(), attempt);
    Worker worker = new Worker(id, generation, now);
    boolean gently = generation.config().gentleStart() && isServed.getAsBoolean();
    worker.launch(gently, actions);
    return worker;
  }

  /** How often each was started, by generation and slot. */
  ImmutableMap<String, Integer> attempts() {
    return ImmutableMap.copyOf(attempts);
  }

  /** Goes on counting where another supervisor has ended. */
  void resume(Map<String, Integer> counted) {
    attempts.putAll(counted);
  }

  /**
   * Nobody will be of a generation before this one any more.
   *
   * @return whether there had been any
   */
  boolean forgetBefore(int oldest) {
    return attempts.keySet().removeIf(place -> number(place) < oldest);
  }

  private static int number(String place) {
    return Integer.parseInt(place.substring(0, place.indexOf('/')));
  }
}
