package dev.baton.supervisor.core;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One place of the service: who is in it, who is to follow, who leaves, and when to try again.
 *
 * <pre>
 * next     the candidate of a replacement; becomes current when it serves
 * current  serves, or is on its way to; absent between a crash and the next attempt
 * previous replaced by current, or switched off to make room: drains or is parked, may come back
 * leaving  told to stop, not gone yet
 * </pre>
 */
final class Slot {
  private final int index;
  private final Crashes crashes;

  // Mutable state
  private @Nullable Worker next;
  private @Nullable Worker current;
  private @Nullable Worker previous;
  private final List<Worker> leaving = new ArrayList<>();
  private Generation generation;
  private boolean closed;

  Slot(int index, Generation generation, long now) {
    this.index = index;
    this.generation = generation;
    this.crashes = new Crashes(now);
  }

  /**
   * As another supervisor has left it.
   *
   * @param known the generations its record names, by their numbers
   */
  Slot(Snapshot.OfSlot record, Map<Integer, Generation> known, long now) {
    this(record.index(), Objects.requireNonNull(known.get(record.generation())), now);
    if (!record.exhausted().isEmpty()) {
      crashes.giveUp(record.exhausted());
    }
    for (Snapshot.OfWorker one : record.workers()) {
      Generation launched = Objects.requireNonNull(known.get(one.id().generation()));
      Worker worker = new Worker(one, launched, now);
      switch (one.role()) {
        case LEAVING -> leaving.add(worker);
        case PREVIOUS -> previous = worker;
        case CURRENT -> current = worker;
        case NEXT -> next = worker;
      }
    }
  }

  Snapshot.OfSlot snapshot() {
    ImmutableList.Builder<Snapshot.OfWorker> workers = ImmutableList.builder();
    leaving.forEach(worker -> workers.add(worker.snapshot(Snapshot.Role.LEAVING)));
    add(previous, Snapshot.Role.PREVIOUS, workers);
    add(current, Snapshot.Role.CURRENT, workers);
    add(next, Snapshot.Role.NEXT, workers);
    String exhausted = crashes.exhausted();
    return new Snapshot.OfSlot(
        index, generation.number(), exhausted == null ? "" : exhausted, workers.build());
  }

  private static void add(
      @Nullable Worker worker,
      Snapshot.Role role,
      ImmutableList.Builder<Snapshot.OfWorker> workers) {
    if (worker != null) {
      workers.add(worker.snapshot(role));
    }
  }

  int index() {
    return index;
  }

  Crashes crashes() {
    return crashes;
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

  /** All of them; the oldest first. */
  List<Worker> workers() {
    List<Worker> workers = new ArrayList<>(leaving);
    for (Worker worker : new Worker[] {previous, current, next}) {
      if (worker != null) {
        workers.add(worker);
      }
    }
    return workers;
  }

  /** The generation that serves here, or did last: what a replacement for a crash belongs to. */
  Generation generation() {
    return generation;
  }

  /** What its next worker belongs to, when there is none at all. */
  void setGeneration(Generation chosen) {
    generation = chosen;
  }

  void setNext(Worker candidate) {
    next = candidate;
  }

  void setCurrent(Worker worker) {
    current = worker;
  }

  /** Who was kept is the candidate to follow the current one. */
  Worker recall() {
    Worker kept = Objects.requireNonNull(previous);
    next = kept;
    previous = null;
    return kept;
  }

  /** The candidate serves: it takes the place, and who was there leaves. */
  void promote(long now) {
    Worker candidate = Objects.requireNonNull(next);
    if (!candidate.generation().equals(generation)) {
      crashes.reset(now); // what died so often was something else
    }
    next = null;
    release();
    previous = current;
    current = candidate;
    generation = candidate.generation();
  }

  /** The current one makes room before anybody follows. */
  void vacate() {
    release();
    previous = current;
    current = null;
  }

  /** Who was to leave stays: its replacement did not live. */
  void takeBack() {
    Worker kept = Objects.requireNonNull(previous);
    if (current != null) {
      leaving.add(current);
    }
    current = kept;
    previous = null;
    generation = kept.generation();
  }

  /** Nobody comes back from there: who is previous only leaves. */
  void release() {
    if (previous != null) {
      leaving.add(previous);
      previous = null;
    }
  }

  /** Whoever was to come in leaves instead; but stays if the slot is served by nobody else. */
  void turnAway() {
    Worker candidate = next;
    next = null;
    if (candidate == null) {
      return;
    }
    if (!isVacant() && candidate.state() != WorkerState.SERVING) {
      leaving.add(candidate);
      return;
    }
    if (current != null) {
      leaving.add(current);
    }
    current = candidate;
  }

  /**
   * The supervisor that was to replace a sick worker has ended: who is still sick will be found so
   * again.
   */
  void endHealing() {
    turnAway();
    if (previous == null || previous.state() == WorkerState.PARKED) {
      return;
    }
    if (isVacant() && previous.state() == WorkerState.SERVING) {
      takeBack();
    } else {
      release();
    }
  }

  /**
   * Whoever was told to leave and serves all the same has the place if nobody else has: two
   * supervisors have ended one after the other, and with the second the worker that was to follow.
   * Returns whether that is news.
   */
  boolean retain() {
    Worker serving = null;
    for (Worker worker : leaving) {
      serving = worker.state() == WorkerState.SERVING ? worker : serving;
    }
    if (serving == null || !isVacant()) {
      return false;
    }
    leaving.remove(serving);
    if (current != null) {
      leaving.add(current);
    }
    current = serving;
    return true;
  }

  /** Whether who has the place serves. */
  boolean isServed() {
    return current != null && current.state() == WorkerState.SERVING;
  }

  /** Whether nobody has the place, or nobody for long. */
  boolean isVacant() {
    return current == null || current.state().isEnding();
  }

  /** Those who only leave. */
  List<Worker> leaving() {
    return leaving;
  }

  /** Nobody accepts here any more, and nobody will; returns whether that is news. */
  boolean close() {
    boolean news = !closed && workers().stream().noneMatch(Worker::mayAccept);
    closed |= news;
    return news;
  }

  /** Whether nobody serves here or is to, and nobody is kept who could. */
  boolean isDeserted() {
    return current == null && next == null && previous == null;
  }

  /** Whether nobody is here, on the way in or out. */
  boolean isEmpty() {
    return workers().isEmpty();
  }

  /** Whether everybody but the current one is gone or parked. */
  boolean isQuiet() {
    boolean kept = previous == null || previous.state() == WorkerState.PARKED;
    return kept && next == null && leaving.isEmpty();
  }

  /** Takes out who is gone; returns the current one if it is among them. */
  @Nullable Worker bury() {
    leaving.removeIf(Slot::isGone);
    previous = isGone(previous) ? null : previous;
    next = isGone(next) ? null : next;
    Worker dead = isGone(current) ? current : null;
    current = dead == null ? current : null;
    return dead;
  }

  private static boolean isGone(@Nullable Worker worker) {
    return worker != null && worker.state() == WorkerState.GONE;
  }
}
