package dev.baton.supervisor.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A restart on its way through the slots, one after the other: the candidate boots beside the
 * current worker, is switched on, then the current one is switched off and leaves. A failure ends
 * the restart where it stands; whoever serves goes on.
 */
final class Rollout {
  private final int generation;
  private final long startedAt;
  private final List<Slot> slots;

  // Mutable state
  private int position;
  private @Nullable WorkerId failed;
  private @Nullable String reason;

  Rollout(int generation, List<Slot> slots, long startedAt) {
    this.generation = generation;
    this.slots = slots;
    this.startedAt = startedAt;
  }

  int generation() {
    return generation;
  }

  /** Ends it early; the first reason counts. */
  void fail(@Nullable WorkerId worker, String why) {
    if (reason == null) {
      failed = worker;
      reason = why;
    }
  }

  /** Whether the slot is the one that is being replaced, and so none of anybody else's business. */
  boolean isAt(Slot slot) {
    return position < slots.size() && slots.get(position).equals(slot);
  }

  /** Nothing of it is left to do. */
  boolean isOver() {
    return reason == null ? position == slots.size() : slots.get(position).next() == null;
  }

  Outcome outcome(long now) {
    String success = "generation " + generation + " serves";
    String why = reason == null ? success : reason;
    return new Outcome(reason == null, generation, failed, why, now - startedAt);
  }

  /** Makes the worker of a generation for a slot. */
  interface Launch {
    Worker worker(Slot slot, int generation, long now);
  }

  /** Does what is due. */
  void advance(Launch launch, long now, Actions actions) {
    if (position == slots.size()) {
      return;
    }
    Slot slot = slots.get(position);
    Worker candidate = slot.next();
    if (candidate != null) {
      follow(slot, candidate, now, actions);
    } else if (isReplaced(slot)) {
      watchOver(slot, now, actions);
    } else if (reason == null && slot.previous() == null) {
      slot.setNext(launch.worker(slot, generation, now));
    }
  }

  private boolean isReplaced(Slot slot) {
    Worker current = slot.current();
    return current != null && current.id().generation() == generation;
  }

  /** The candidate is on its way in. */
  private void follow(Slot slot, Worker candidate, long now, Actions actions) {
    if (candidate.state().isEnding()) {
      fail(candidate.id(), candidate.id() + " " + candidate.failure());
    } else if (candidate.state() == WorkerState.SERVING) {
      slot.promote(candidate);
      actions.changed();
      if (slot.previous() != null) {
        slot.previous().drain("generation " + generation + " serves", now, actions);
      }
    } else if (reason != null) {
      candidate.drain("the restart is over: " + reason, now, actions);
    } else if (candidate.state() == WorkerState.READY) {
      candidate.switchOn(now, actions);
    }
  }

  /** The candidate serves, its predecessor leaves. Until it is gone, it can come back. */
  private void watchOver(Slot slot, long now, Actions actions) {
    Worker current = slot.current();
    Worker previous = slot.previous();
    if (current != null && current.state().isEnding()) {
      fail(current.id(), current.id() + " " + current.failure());
      if (previous != null && previous.canServeAgain()) {
        slot.takeBack(previous);
        previous.switchOn(now, actions);
        slot.setNext(current); // for the little time until it is buried
      }
    } else if (previous == null) {
      position++;
      actions.changed();
    }
  }
}
