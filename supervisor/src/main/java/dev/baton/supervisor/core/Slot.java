package dev.baton.supervisor.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One place of the service: who is in it, who is to follow, who leaves, and when to try again.
 *
 * <pre>
 * next     the candidate of a restart; becomes current when it serves
 * current  serves, or is on its way to; absent between a crash and the next attempt
 * previous replaced by current, and not gone yet
 * </pre>
 */
final class Slot {
  private static final int MAX_DOUBLINGS = 16;

  private final int index;

  // Mutable state
  private @Nullable Worker next;
  private @Nullable Worker current;
  private @Nullable Worker previous;
  private int servedGeneration = 1;
  private final Map<Integer, Integer> attempts = new HashMap<>();
  private int crashes;
  private long startAt;

  Slot(int index, long now) {
    this.index = index;
    this.startAt = now;
  }

  @Nullable Worker next() {
    return next;
  }

  @Nullable Worker current() {
    return current;
  }

  @Nullable Worker previous() {
    return previous;
  }

  /** All three, as far as there are any; the oldest first. */
  List<Worker> workers() {
    List<Worker> workers = new ArrayList<>();
    for (Worker worker : new Worker[] {previous, current, next}) {
      if (worker != null) {
        workers.add(worker);
      }
    }
    return workers;
  }

  /** The generation that serves here, or did last: what a replacement for a crash belongs to. */
  int servedGeneration() {
    return servedGeneration;
  }

  /** The id of a further worker of that generation in this place. */
  WorkerId newId(String service, int generation) {
    // After a failed restart the generation before it goes on counting where it was.
    attempts.keySet().removeIf(old -> old < servedGeneration);
    int attempt = attempts.merge(generation, 1, Integer::sum);
    return new WorkerId(service, generation, index, attempt);
  }

  void setNext(Worker candidate) {
    next = candidate;
  }

  void setCurrent(Worker worker) {
    current = worker;
  }

  /** The candidate serves: it takes the place, and who was there leaves. */
  void promote(Worker candidate) {
    previous = current;
    current = candidate;
    next = null;
    servedGeneration = candidate.id().generation();
  }

  /** Who was to leave stays: its replacement did not live. */
  void takeBack(Worker kept) {
    current = kept;
    previous = null;
    servedGeneration = kept.id().generation();
  }

  /** Whether the place may be filled again after a crash. */
  boolean isVacant(long now) {
    return current == null && next == null && previous == null && now - startAt >= 0;
  }

  /** When {@link #isVacant} becomes true by itself; null when no instant does that. */
  @Nullable Long vacantAt() {
    return current == null && next == null && previous == null ? startAt : null;
  }

  /** Takes out who is gone. */
  void bury(long now) {
    if (previous != null && previous.state() == WorkerState.GONE) {
      previous = null;
    }
    if (next != null && next.state() == WorkerState.GONE) {
      next = null;
    }
    if (current != null && current.state() == WorkerState.GONE) {
      crashed(current, now);
      current = null;
    }
  }

  private void crashed(Worker dead, long now) {
    boolean crashLoop = dead.servedNanos() < Limits.STEADY;
    crashes = crashLoop ? Math.min(crashes + 1, MAX_DOUBLINGS) : 1;
    startAt = now + Math.min(Limits.FIRST_BACK_OFF << (crashes - 1), Limits.LAST_BACK_OFF);
  }
}
