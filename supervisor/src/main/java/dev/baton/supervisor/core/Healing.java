package dev.baton.supervisor.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Those who serve but do not do well are replaced, the new one ready first. */
final class Healing {
  private final Spawner spawner;
  private final Map<Slot, Replacement> running = new HashMap<>();

  Healing(Spawner spawner) {
    this.spawner = spawner;
  }

  /** Whether the slot is being healed, and so none of anybody else's business. */
  boolean owns(Slot slot) {
    return running.containsKey(slot);
  }

  /** Whether somebody there has to be replaced, and nobody does it yet. */
  boolean isNeeded(Slot slot) {
    Worker current = slot.current();
    return !owns(slot) && current != null && (isLate(slot, current) || current.trouble() != null);
  }

  /** It serves only because its follower did not live. */
  private static boolean isLate(Slot slot, Worker current) {
    return current.state() == WorkerState.SERVING
        && !current.generation().equals(slot.generation());
  }

  /** Begins; what it does is written down first. */
  void begin(Slot slot, Actions actions) {
    Worker current = slot.current();
    if (current != null && current.trouble() != null) {
      current.diagnose(actions);
    }
    Generation same = slot.generation();
    running.put(
        slot,
        new Replacement(slot, same, Replacement.Style.READY_FIRST, Replacement.Then.STOP, spawner));
  }

  /** Does what is due; returns those that have failed. */
  List<Replacement> advance(long now, Actions actions) {
    List<Replacement> failed = new ArrayList<>();
    for (Replacement one : List.copyOf(running.values())) {
      one.advance(Replacement.Permits.ALL, now, actions);
      if (one.isOver()) {
        running.remove(one.slot());
        actions.changed();
        if (one.hasFailed()) {
          failed.add(one);
        }
      }
    }
    return failed;
  }

  /** Whoever was to come into that slot leaves instead. */
  void abandon(Slot slot) {
    if (running.remove(slot) != null) {
      slot.turnAway();
    }
  }

  void abandonAll() {
    List.copyOf(running.keySet()).forEach(this::abandon);
  }
}
