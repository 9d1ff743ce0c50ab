package dev.baton.supervisor.core;

import org.jspecify.annotations.Nullable;

/**
 * One slot on its way from one worker to the next. Three orders of the same steps:
 *
 * <pre>
 * READY_FIRST  boot the new; switch it on; switch the old off, drain and stop it
 * HANDOVER     boot the new; switch the old off, drain and stop it; switch the new on
 * EXCLUSIVE    switch the old off, drain and stop it; boot the new; switch it on
 * </pre>
 *
 * A failure before the new one serves leaves the old one alone where that still lives.
 */
final class Replacement {
  /** In one slot at a time, whatever is stuck on its way out. */
  private static final int MOST_WORKERS = 3;

  /** Longer than any soak: thirty days. */
  private static final long HELD_NANOS = 30L * 24 * 3_600_000_000_000L;

  /** What comes before what. */
  enum Style {
    READY_FIRST,
    HANDOVER,
    EXCLUSIVE
  }

  /** What becomes of the one that was replaced. */
  enum Then {
    /** Drained and stopped; until it is gone, the replacement is not over. */
    STOP,
    /** Drained and kept for as long as the configuration says. */
    PARK,
    /** Switched off and kept until it is decided: the replacement is over at once. */
    HOLD
  }

  /** What may happen now as far as other slots are concerned. */
  record Permits(boolean launch, boolean switchOn, boolean leave) {
    static final Permits ALL = new Permits(true, true, true);
  }

  private enum Step {
    /** The old one leaves before the new one is launched. */
    MAKE_ROOM,
    LAUNCH,
    BOOT,
    /** The new one is ready and waits until the old one is gone. */
    HAND_OVER,
    SWITCH_ON,
    /** The new one serves, the old one leaves. */
    LEAVE,
    DONE,
    /** It failed; what was started for it is being removed. */
    FAILING,
    FAILED
  }

  private final Slot slot;
  private final Generation generation;
  private final Style style;
  private final Then then;
  private final Spawner spawner;

  // Mutable state
  private Step step;
  private @Nullable WorkerId failed;
  private String reason = "";
  private boolean recalled;
  private boolean hasRetried;
  private boolean retries;
  private boolean oldLeft;
  private long nobodySince;
  private long waitedNanos;

  Replacement(Slot slot, Generation generation, Style style, Then then, Spawner spawner) {
    this.slot = slot;
    this.generation = generation;
    this.style = style;
    this.then = then;
    this.spawner = spawner;
    this.step = style == Style.EXCLUSIVE ? Step.MAKE_ROOM : Step.LAUNCH;
  }

  /** One that was under way: where it stands shows in the slot. */
  static Replacement resumed(
      Slot slot, Generation generation, Style style, Then then, Spawner spawner) {
    Replacement resumed = new Replacement(slot, generation, style, then, spawner);
    if (slot.next() == null && slot.generation().equals(generation)) {
      resumed.step = Step.LEAVE;
    } else if (slot.next() != null && style == Style.EXCLUSIVE) {
      resumed.step = Step.LAUNCH;
    }
    return resumed;
  }

  Style style() {
    return style;
  }

  Slot slot() {
    return slot;
  }

  Generation generation() {
    return generation;
  }

  /** The new one could be switched on, or is already. */
  boolean isReady() {
    return switch (step) {
      case SWITCH_ON, HAND_OVER, LEAVE, DONE -> true;
      case MAKE_ROOM, LAUNCH, BOOT, FAILING, FAILED -> false;
    };
  }

  /** The old one is out of the way of a new one that cannot live beside it. */
  boolean hasRoom() {
    return step != Step.MAKE_ROOM;
  }

  /** The new one serves. */
  boolean isServing() {
    return step == Step.LEAVE || step == Step.DONE;
  }

  boolean isDone() {
    return step == Step.DONE;
  }

  boolean hasFailed() {
    return step == Step.FAILING || step == Step.FAILED;
  }

  boolean isOver() {
    return step == Step.DONE || step == Step.FAILED;
  }

  /** Whose failure ended it; null if nobody's. */
  @Nullable WorkerId failedWorker() {
    return failed;
  }

  String reason() {
    return reason;
  }

  /** How long nobody accepted connections in this slot. */
  long waitedNanos() {
    return waitedNanos;
  }

  /** Not wanted any more, unless the new one serves already. */
  void cancel(String why, long now, Actions actions) {
    if (!isServing() && !hasFailed()) {
      fail(null, why, now, actions);
    }
  }

  /** Does what is due. */
  void advance(Permits permits, long now, Actions actions) {
    Step before;
    do {
      before = step;
      take(permits, now, actions);
    } while (step != before);
  }

  private void take(Permits permits, long now, Actions actions) {
    switch (step) {
      case MAKE_ROOM -> makeRoom(Step.LAUNCH, now, actions);
      case LAUNCH -> launch(permits, now);
      case BOOT -> boot(now, actions);
      case HAND_OVER -> handOver(permits, now, actions);
      case SWITCH_ON -> switchOn(permits, now, actions);
      case LEAVE -> leave(permits, now, actions);
      case FAILING -> windUp(now, actions);
      case DONE, FAILED -> {}
    }
  }

  /** Drains and stops whoever is here, then goes on. */
  private void makeRoom(Step following, long now, Actions actions) {
    if (slot.current() != null) {
      slot.vacate();
      actions.changed();
    }
    Worker old = slot.previous();
    if (old != null) {
      if (!old.state().isLeaving()) {
        old.drain("makes room for " + generation, now, actions);
      }
      if (nobodySince == 0 && old.isSwitchedOff()) {
        nobodySince = now;
      }
      return;
    }
    if (slot.workers().stream().allMatch(worker -> worker == slot.next())) {
      nobodySince = nobodySince == 0 ? now : nobodySince;
      step = following;
      actions.changed();
    }
  }

  private void launch(Permits permits, long now) {
    Worker candidate = slot.next();
    if (candidate != null && isOurs(candidate)) {
      recalled = candidate.state().isLeaving();
      step = Step.BOOT; // a supervisor before has launched it, or taken it back
      return;
    }
    if (!permits.launch() || candidate != null) {
      return;
    }
    recalled = canRecall(slot, generation);
    if (recalled) {
      slot.recall();
      step = Step.BOOT;
      return;
    }
    slot.release();
    if (slot.workers().size() < MOST_WORKERS) {
      retries = false;
      slot.setNext(spawner.spawn(slot, generation, now));
      step = Step.BOOT;
    }
  }

  private boolean isOurs(Worker candidate) {
    return candidate.generation().equals(generation)
        && (!candidate.state().isLeaving() || candidate.canServeAgain());
  }

  /** Whether who was replaced last is of that generation and can be switched on at once. */
  static boolean canRecall(Slot slot, Generation generation) {
    Worker kept = slot.previous();
    return kept != null && kept.canServeAgain() && kept.generation().equals(generation);
  }

  private void boot(long now, Actions actions) {
    Worker candidate = slot.next();
    if (candidate == null || candidate.state().isEnding()) {
      died(candidate, now, actions);
    } else if (candidate.state().compareTo(WorkerState.READY) >= 0) {
      step = style == Style.HANDOVER ? Step.HAND_OVER : Step.SWITCH_ON;
      actions.changed();
    }
  }

  /**
   * Who was kept may have died meanwhile, and who was new because of its class-data archive: then
   * another one is launched in its stead, once.
   */
  private void died(@Nullable Worker candidate, long now, Actions actions) {
    if (candidate != null && candidate.hasFailedWithArchive() && !hasRetried) {
      hasRetried = true;
      retries = true;
    }
    if (!recalled && !retries) {
      fail(candidate, "", now, actions);
    } else if (candidate == null) {
      step = Step.LAUNCH;
      actions.changed();
    }
  }

  private void handOver(Permits permits, long now, Actions actions) {
    Worker candidate = slot.next();
    if (candidate == null || candidate.state().isEnding()) {
      died(candidate, now, actions);
    } else if (permits.switchOn()) {
      oldLeft = true;
      makeRoom(Step.SWITCH_ON, now, actions);
    }
  }

  private void switchOn(Permits permits, long now, Actions actions) {
    Worker candidate = slot.next();
    if (candidate == null || candidate.state().isEnding()) {
      died(candidate, now, actions);
    } else if (candidate.state() == WorkerState.SERVING) {
      waitedNanos = nobodySince == 0 ? 0 : now - nobodySince;
      slot.promote(now);
      step = Step.LEAVE;
      actions.changed();
    } else if (permits.switchOn() || oldLeft) {
      candidate.switchOn(now, actions);
    }
  }

  /** The new one serves, its predecessor leaves. Until it is gone, it can come back. */
  private void leave(Permits permits, long now, Actions actions) {
    Worker current = slot.current();
    Worker old = slot.previous();
    if (current == null || current.state().isLeaving()) {
      fail(current, "", now, actions);
    } else if (old != null && permits.leave() && !old.state().isLeaving()) {
      long park = then == Then.STOP ? 0 : park(old);
      old.drain(park, generation + " serves", now, actions);
    } else if (then == Then.HOLD ? old == null || old.isSwitchedOff() : slot.isQuiet()) {
      step = Step.DONE;
      actions.changed();
    }
  }

  private long park(Worker old) {
    // Who is held is told what becomes of it before this is over.
    return then == Then.HOLD ? HELD_NANOS : old.generation().config().restart().park().toNanos();
  }

  private void fail(@Nullable Worker worker, String why, long now, Actions actions) {
    failed = worker == null ? null : worker.id();
    reason = worker == null ? why : worker.id() + " " + words(worker);
    step = Step.FAILING;
    if (slot.next() != null) {
      slot.next().drain("the restart is over: " + reason, now, actions);
    }
    actions.changed();
  }

  private static String words(Worker worker) {
    return worker.failure() == null ? "was stopped" : worker.failure();
  }

  /** Whoever can serve instead is brought back. */
  private void windUp(long now, Actions actions) {
    Worker old = slot.previous();
    boolean vacant = slot.isVacant();
    if (vacant && old != null && old.state() == WorkerState.SERVING) {
      slot.takeBack(); // it waited for other slots, and was not told to leave yet
    } else if (vacant && old != null && old.canServeAgain()) {
      slot.takeBack();
      old.switchOn(now, actions);
    } else if (vacant) {
      slot.release();
    }
    if (slot.next() == null) {
      step = Step.FAILED;
      actions.changed();
    }
  }
}
