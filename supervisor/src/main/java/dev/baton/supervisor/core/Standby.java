package dev.baton.supervisor.core;

import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The place of the worker that waits: one more slot, whose worker is ready and not switched on.
 * When one that serves dies, or is to leave, the two slots change places, and the next worker is
 * launched in the one that has become empty.
 */
final class Standby {
  // Mutable state
  private @Nullable Slot slot;

  /** As another supervisor has left it. */
  void resume(Slot known) {
    slot = known;
  }

  Snapshot.@Nullable OfSlot snapshot() {
    return slot == null ? null : slot.snapshot();
  }

  /** The place, if there is one. */
  Stream<Slot> slots() {
    return Stream.ofNullable(slot);
  }

  /** The place, made if there is none. */
  Slot place(Supplier<Slot> make) {
    if (slot == null) {
      slot = make.get();
    }
    return slot;
  }

  /** Whether who is here can have that slot at once: because it waits, or because it had it. */
  boolean canFollow(Slot vacant) {
    return waitsFor(vacant) || (serves() && isOfGenerationOf(vacant));
  }

  /** Whether who waits is what is wanted there, and can be switched on at once. */
  boolean waitsFor(Slot other) {
    Worker here = current();
    return here != null && here.isStandingBy() && isOfGenerationOf(other);
  }

  /** Whether who is here has changed places with one that waited, and still serves. */
  private boolean serves() {
    return slot != null && slot.isServed();
  }

  private boolean isOfGenerationOf(Slot other) {
    Worker here = current();
    return here != null && here.generation().equals(other.generation());
  }

  private @Nullable Worker current() {
    return slot == null ? null : slot.current();
  }

  /** Who has changed places with one that waited leaves, because that one serves. */
  void relieve(long now, Actions actions) {
    if (serves()) {
      end("who waited serves instead", now, actions);
    }
  }

  /** That slot for the one of who is here, which is returned. */
  Slot changePlaces(Slot other) {
    Slot following = Objects.requireNonNull(slot);
    slot = other;
    return following;
  }

  /** Whether anybody is there, on the way in or out. */
  boolean isThere() {
    return slot != null && !slot.isEmpty();
  }

  /**
   * Ends who is not of that generation, or whoever it is for null; returns whether there was one.
   */
  boolean release(@Nullable Generation wanted, long now, Actions actions) {
    Worker waiting = current();
    if (waiting == null || waiting.generation().equals(wanted)) {
      return false;
    }
    end("nobody waits for its turn any more", now, actions);
    return true;
  }

  /** Whoever is here leaves. */
  private void end(String why, long now, Actions actions) {
    Slot place = Objects.requireNonNull(slot);
    Objects.requireNonNull(place.current()).drain(why, now, actions);
    place.vacate();
    place.release();
    actions.changed();
  }

  /** Nobody is to wait, and nobody does. */
  void close() {
    if (!isThere()) {
      slot = null;
    }
  }
}
