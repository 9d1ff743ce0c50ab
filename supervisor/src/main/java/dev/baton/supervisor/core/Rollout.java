package dev.baton.supervisor.core;

import com.google.common.collect.ImmutableMap;
import dev.baton.supervisor.config.RestartPolicy;
import dev.baton.supervisor.config.RestartPolicy.OnFailure;
import dev.baton.supervisor.config.RestartPolicy.Strategy;
import dev.baton.supervisor.core.Replacement.Permits;
import dev.baton.supervisor.core.Replacement.Style;
import dev.baton.supervisor.core.Replacement.Then;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A restart or a roll-back on its way through the slots of a service. A failure stops it where it
 * stands; what was replaced already returns to where it came from, unless the policy says not to.
 *
 * <pre>
 * PREPARING -> REPLACING -> (SOAKING -> REPLACING) -> OVER
 *              any of them, on failure -> RETURNING -> OVER
 * </pre>
 */
final class Rollout implements Change {
  private enum Phase {
    /** Another supervisor has begun it. */
    RESUMING,
    /** Waits for the copies of what is launched, and for a look at the memory. */
    PREPARING,
    REPLACING,
    /** The canary serves and is watched. */
    SOAKING,
    /** The slots that were replaced go back. */
    RETURNING,
    OVER
  }

  private final Generation target;
  private final List<Slot> slots;
  private final Generations generations;
  private final Spawner spawner;
  private final Standby standby;
  private final Map<Slot, Generation> before = new HashMap<>();

  // Mutable state
  private RestartPolicy policy;
  private Phase phase = Phase.PREPARING;
  private @Nullable Strategy asked;
  private @Nullable Memory memory;
  private boolean hasDropped;
  private final List<Slot> waiting = new ArrayList<>();
  private final List<Replacement> running = new ArrayList<>();
  private final List<Slot> replaced = new ArrayList<>();
  private @Nullable Soak soak;
  private boolean hasSoaked;
  private @Nullable WorkerId failed;
  private @Nullable String reason;
  private String note = "";
  private long waitedNanos;

  /**
   * Begins nothing yet.
   *
   * @param policy of the target, with the strategy that was asked for
   */
  Rollout(
      Generation target,
      RestartPolicy policy,
      List<Slot> slots,
      Generations generations,
      Spawner spawner,
      Standby standby) {
    this.target = target;
    this.policy = policy;
    this.slots = slots;
    this.generations = generations;
    this.spawner = spawner;
    this.standby = standby;
    slots.forEach(slot -> before.put(slot, slot.generation()));
    // After a restart that was halted, some are where a roll-back leads to.
    slots.stream().filter(slot -> !slot.generation().equals(target)).forEach(waiting::add);
  }

  /**
   * Goes on with one that another supervisor has begun. What its canary has shown so far is lost:
   * it is watched from the beginning.
   *
   * @param known all generations there are, by their numbers
   */
  static Rollout resume(
      Snapshot.OfRollout record,
      Map<Integer, Generation> known,
      RestartPolicy policy,
      List<Slot> slots,
      Generations generations,
      Spawner spawner,
      Standby standby) {
    Generation target = Objects.requireNonNull(known.get(record.target()));
    Rollout rollout = new Rollout(target, policy, slots, generations, spawner, standby);
    rollout.asked = record.strategy();
    rollout.hasSoaked = record.hasSoaked();
    rollout.reason = record.failed().isEmpty() ? null : record.failed();
    rollout.phase = Phase.RESUMING;
    for (Slot slot : slots) {
      Integer number = record.before().get(Integer.toString(slot.index()));
      Generation old = number == null ? null : known.get(number);
      rollout.before.put(slot, old == null ? slot.generation() : old);
    }
    return rollout;
  }

  /** It is known by now who has come back: finds out how far each slot has come. */
  private void resume(Actions actions) {
    waiting.clear();
    slots.forEach(this::sort);
    if (reason != null) {
      phase = Phase.REPLACING; // which turns back at once
    } else if (waiting.isEmpty() && generations.isPrepared(target)) {
      phase = Phase.REPLACING;
    } else {
      phase = Phase.PREPARING; // the memory is looked at once more
    }
    actions.changed();
  }

  /** Finds out how far the slot has come. */
  private void sort(Slot slot) {
    if (target.equals(before.get(slot))) {
      slot.endHealing();
      return;
    }
    boolean returns = slot.next() != null && slot.next().generation().equals(before.get(slot));
    if (reason != null && returns) {
      return; // it is on its way back already
    }
    boolean arrived = slot.generation().equals(target);
    if (arrived && slot.isQuiet()) {
      replaced.add(slot);
    } else if (arrived || slot.next() != null || slot.isVacant()) {
      Style style = Rollouts.styleOf(policy.strategy());
      Then then = policy.strategy() == Strategy.CANARY && !hasSoaked ? Then.HOLD : Then.PARK;
      running.add(Replacement.resumed(slot, target, style, then, spawner));
    } else {
      waiting.add(slot);
    }
  }

  Snapshot.OfRollout snapshot() {
    ImmutableMap.Builder<String, Integer> olds = ImmutableMap.builder();
    before.forEach((slot, old) -> olds.put(Integer.toString(slot.index()), old.number()));
    return new Snapshot.OfRollout(
        target.number(), asked, olds.buildOrThrow(), hasSoaked, reason == null ? "" : reason);
  }

  /** Where its slots came from. */
  Collection<Generation> origins() {
    return before.values();
  }

  /** The strategy somebody has asked for, instead of the configured one. */
  void askedFor(@Nullable Strategy strategy) {
    asked = strategy;
  }

  Generation target() {
    return target;
  }

  RestartPolicy policy() {
    return policy;
  }

  @Override
  public boolean isOver() {
    return phase == Phase.OVER;
  }

  @Override
  public boolean owns(Slot slot) {
    return isClearing()
        || running.stream().anyMatch(replacement -> replacement.slot().equals(slot));
  }

  /** Where old and new cannot live side by side, no old one is launched before all new are gone. */
  private boolean isClearing() {
    boolean apart = Rollouts.styleOf(policy.strategy()) != Style.READY_FIRST;
    return apart && phase == Phase.REPLACING && reason != null;
  }

  @Override
  public Result result() {
    boolean success = reason == null;
    String text = success ? target + " serves" : reason;
    return new Result(success, failed, text + note, waitedNanos);
  }

  /** The canary is watched. */
  @Nullable Soak soak() {
    return phase == Phase.SOAKING ? soak : null;
  }

  void prepared(int generation, Memory found) {
    if (generation == target.number()) {
      memory = found;
    }
  }

  void preparationFailed(int generation, String why) {
    if (generation == target.number() && phase == Phase.PREPARING) {
      fail(null, why);
      phase = Phase.OVER;
    }
  }

  /** The first reason counts. */
  private void fail(@Nullable WorkerId worker, String why) {
    if (reason == null) {
      failed = worker;
      reason = why;
    }
  }

  @Override
  public void advance(long now, Actions actions) {
    Phase then;
    do {
      then = phase;
      switch (phase) {
        case RESUMING -> resume(actions);
        case PREPARING -> prepare(now, actions);
        case REPLACING -> replace(now, actions);
        case SOAKING -> soak(now, actions);
        case RETURNING -> giveBack(now, actions);
        case OVER -> {}
      }
    } while (phase != then);
  }

  // PREPARING

  private void prepare(long now, Actions actions) {
    boolean recalls = waiting.stream().allMatch(slot -> Replacement.canRecall(slot, target));
    if (recalls && running.isEmpty()) {
      policy = Rollouts.atOnce(policy);
      begin(actions);
    } else if (memory != null) {
      check(memory, now, actions);
    } else if (Rollouts.styleOf(policy.strategy()) == Style.EXCLUSIVE && standby.isThere()) {
      standby.release(null, now, actions); // nobody may live beside the new one
    } else if (!hasDropped || nobodyLeaves()) {
      generations.prepare(target, serving(), actions);
    }
  }

  private boolean nobodyLeaves() {
    return !standby.isThere() && slots.stream().allMatch(slot -> slot.leaving().isEmpty());
  }

  private Set<WorkerId> serving() {
    Set<WorkerId> serving = new HashSet<>();
    for (Slot slot : slots) {
      if (slot.current() != null) {
        serving.add(slot.current().id());
      }
    }
    return serving;
  }

  private void check(Memory found, long now, Actions actions) {
    Rollouts.Fit fit = Rollouts.fit(policy, waiting.size(), found);
    if (fit.fits()) {
      policy = fit.policy();
      note = fit.note();
      begin(actions);
    } else if (dropSpares(now, actions)) {
      hasDropped = true;
      memory = null; // look again when they are gone
      actions.changed();
    } else {
      fail(null, fit.note());
      phase = Phase.OVER;
      actions.changed();
    }
  }

  /** What is only kept, and who only waits, goes first when memory is short. */
  private boolean dropSpares(long now, Actions actions) {
    boolean dropped = false;
    for (Slot slot : slots) {
      Worker kept = slot.previous();
      if (kept != null && !kept.generation().equals(target)) {
        kept.drain("its memory is needed for " + target, now, actions);
        slot.release();
        dropped = true;
      }
    }
    return standby.release(null, now, actions) || dropped;
  }

  private void begin(Actions actions) {
    phase = Phase.REPLACING;
    actions.changed();
  }

  // REPLACING

  private void replace(long now, Actions actions) {
    startMore();
    Permits permits = Rollouts.permits(policy.strategy(), running, waiting.isEmpty());
    running.forEach(replacement -> replacement.advance(permits, now, actions));
    collect();
    if (reason != null) {
      String why = reason;
      running.forEach(replacement -> replacement.cancel(why, now, actions));
      if (running.isEmpty()) {
        turnBack(actions);
      }
    } else if (isSoakDue()) {
      soak = new Soak(replaced.get(0), policy, now);
      workers().forEach(worker -> worker.health().latencies().clear());
      phase = Phase.SOAKING;
      actions.changed();
    } else if (waiting.isEmpty() && running.isEmpty()) {
      generations.adopt(target);
      phase = Phase.OVER;
      actions.changed();
    }
  }

  private boolean isSoakDue() {
    return policy.strategy() == Strategy.CANARY && !hasSoaked && replaced.size() == 1;
  }

  private List<Worker> workers() {
    return slots.stream().flatMap(slot -> slot.workers().stream()).toList();
  }

  private void startMore() {
    while (reason == null && !waiting.isEmpty()) {
      Style style = Rollouts.nextStyle(policy, running, replaced.size());
      if (style == null) {
        return;
      }
      boolean canary = policy.strategy() == Strategy.CANARY && replaced.isEmpty();
      Then then = canary ? Then.HOLD : Then.PARK;
      Slot slot = waiting.remove(0);
      running.add(new Replacement(slot, target, style, then, spawner));
    }
  }

  /** Sorts out those that are over, and learns of the first failure. */
  private void collect() {
    for (Replacement one : List.copyOf(running)) {
      waitedNanos = Math.max(waitedNanos, one.waitedNanos());
      if (one.hasFailed()) {
        fail(one.failedWorker(), one.reason());
      }
      if (one.isOver()) {
        running.remove(one);
        if (one.isDone()) {
          replaced.add(one.slot());
        }
      }
    }
  }

  // SOAKING

  private void soak(long now, Actions actions) {
    Soak watched = Objects.requireNonNull(soak);
    Slot slot = replaced.get(0);
    watched.search(now, actions);
    String trouble = watched.trouble(siblings(slot), now);
    if (trouble != null) {
      Worker canary = slot.current();
      fail(canary == null ? null : canary.id(), "the canary " + target + " " + trouble);
      turnBack(actions);
    } else if (watched.isOver(now)) {
      hasSoaked = true;
      if (slot.previous() != null) {
        long park = slot.previous().generation().config().restart().park().toNanos();
        slot.previous().keep(park, "the canary did well", now, actions);
      }
      begin(actions);
    }
  }

  private List<Worker> siblings(Slot canary) {
    List<Worker> siblings = new ArrayList<>();
    for (Slot slot : slots) {
      if (slot != canary && slot.current() != null) {
        siblings.add(slot.current());
      }
    }
    return siblings;
  }

  // RETURNING

  /** Chooses what has to go back: what was replaced, and what has nobody left to serve. */
  private void turnBack(Actions actions) {
    waiting.clear();
    for (Slot slot : slots) {
      boolean wasReplaced = replaced.contains(slot);
      boolean canary = policy.strategy() == Strategy.CANARY && !hasSoaked;
      boolean wanted = policy.onFailure() == OnFailure.ROLLBACK || canary;
      // What could not be copied is tried again by the service, after its back-off.
      boolean possible = generations.isPrepared(Objects.requireNonNull(before.get(slot)));
      if (possible && ((wasReplaced && wanted) || (slot.isVacant() && !wasReplaced))) {
        waiting.add(slot);
      }
    }
    if (!waiting.isEmpty()) {
      note = note + "; returned to " + before.get(waiting.get(0));
    }
    phase = waiting.isEmpty() ? Phase.OVER : Phase.RETURNING;
    actions.changed();
  }

  private void giveBack(long now, Actions actions) {
    Style style = Rollouts.styleOf(policy.strategy());
    // Those who cannot live side by side with the new ones go back all together.
    int most = style == Style.READY_FIRST ? Math.max(1, policy.surge()) : slots.size();
    while (!waiting.isEmpty() && running.size() < most) {
      Slot slot = waiting.remove(0);
      Generation old = Objects.requireNonNull(before.get(slot));
      running.add(new Replacement(slot, old, style, Then.STOP, spawner));
    }
    Permits permits =
        style == Style.READY_FIRST
            ? Permits.ALL
            : Rollouts.permits(policy.strategy(), running, waiting.isEmpty());
    for (Replacement one : List.copyOf(running)) {
      one.advance(permits, now, actions);
      if (one.isOver()) {
        running.remove(one);
        if (one.hasFailed()) {
          note = note + "; but " + one.reason();
        }
      }
    }
    if (waiting.isEmpty() && running.isEmpty()) {
      phase = Phase.OVER;
      actions.changed();
    }
  }

  @Override
  public long nextDeadline(long otherwise) {
    return phase == Phase.SOAKING && soak != null ? soak.nextDeadline() : otherwise;
  }
}
