package dev.baton.supervisor.core;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A restart of unchanged code: whoever waits is switched on in the place of one that serves, which
 * leaves; with more slots one after the other, each with the next who waits. The slots change
 * places as they do after a death, so that another supervisor has nothing to go on with: what is
 * half done is finished by the rules for a standby's place.
 */
final class Promotion implements Change {
  /** What to do where it cannot be done. */
  static final String ORDINARY = "restart without --promote";

  private final Generation generation;
  private final List<Slot> slots;
  private final Standby standby;
  private final Set<WorkerId> olds;

  // Mutable state
  private boolean compares;
  private boolean isUnchanged;
  private @Nullable Result result;

  /**
   * Begins nothing yet.
   *
   * @param generation that of all of them
   * @param slots where somebody serves, as they are at any time
   */
  Promotion(Generation generation, List<Slot> slots, Standby standby) {
    this.generation = generation;
    this.slots = slots;
    this.standby = standby;
    this.olds = currents().map(Worker::id).collect(Collectors.toSet());
  }

  private Stream<Worker> currents() {
    return slots.stream().flatMap(slot -> Stream.ofNullable(slot.current()));
  }

  /** What is on disk has been compared with what they run. */
  void compared(String difference) {
    if (difference.isEmpty()) {
      isUnchanged = true;
    } else {
      fail(difference + "; " + ORDINARY);
    }
  }

  private void fail(String why) {
    if (result == null) {
      result = new Result(false, null, why, 0);
    }
  }

  @Override
  public void advance(long now, Actions actions) {
    if (!compares) {
      compares = true;
      actions.add(edges -> edges.compare(generation));
    }
    if (result != null || !isUnchanged) {
      return;
    }
    String exhausted = exhausted();
    if (exhausted != null) {
      fail("nobody follows: " + exhausted);
    } else if (slots.stream().allMatch(Slot::isServed)) {
      next(actions);
    }
  }

  private @Nullable String exhausted() {
    return places()
        .map(slot -> slot.crashes().exhausted())
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private Stream<Slot> places() {
    return Stream.concat(slots.stream(), standby.slots());
  }

  private boolean hasOld(Slot slot) {
    return slot.workers().stream().anyMatch(this::isOld);
  }

  private boolean isOld(Worker worker) {
    return olds.contains(worker.id());
  }

  /** All slots are served: the next one changes places, unless all have, and those are gone. */
  private void next(Actions actions) {
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      if (isOld(Objects.requireNonNull(slot.current())) && standby.waitsFor(slot)) {
        slots.set(i, standby.changePlaces(slot));
        actions.changed();
        return; // one at a time: while somebody leaves, nobody waits
      }
    }
    if (places().noneMatch(this::hasOld)) {
      result = new Result(true, null, generation + " serves", 0);
    }
  }

  @Override
  public boolean isOver() {
    return result != null;
  }

  @Override
  public Result result() {
    return Objects.requireNonNull(result);
  }
}
