package dev.baton.supervisor.core;

import dev.baton.supervisor.config.WarmUp;

/** The one order a worker was given and has not answered, and when to give the next. */
final class Orders {
  /** What a worker, or a prober about it, was asked to do. */
  enum Order {
    NONE,
    /** Try the gates before it serves. */
    PROBE,
    /** Send requests until its latency has settled. */
    WARM_UP,
    /** Give it its full weight. */
    RAISE,
    SWITCH_ON,
    SWITCH_OFF,
    COUNT,
    /** Try the gates of the only one that serves, at the shared sockets. */
    CHECK,
    /** Leave the shared sockets for a moment, to be checked. */
    STEP_ASIDE,
    CHECK_ASIDE,
    STEP_BACK
  }

  private final WorkerId id;

  // Mutable state
  private Order order = Order.NONE;
  private long deadline;
  private long nextTry;

  Orders(WorkerId id) {
    this.id = id;
  }

  boolean is(Order asked) {
    return order == asked;
  }

  /** Whether it is off the shared sockets, or may be, only to be checked. */
  boolean isAside() {
    return order == Order.STEP_ASIDE || order == Order.CHECK_ASIDE || order == Order.STEP_BACK;
  }

  boolean isChecking() {
    return order == Order.CHECK || isAside();
  }

  void switchOn(long now, Actions actions) {
    give(Order.SWITCH_ON, now, edges -> edges.switchTo(id, Face.SHARED), actions);
  }

  /**
   * Because it drains. Its answer, too, may take as long as its connections: where more threads
   * want to run than can, a worker full of clients answers late, and stopping it would cut them.
   *
   * @param lingerNanos how long its connections may take to end
   */
  void switchOff(long lingerNanos, long now, Actions actions) {
    give(Order.SWITCH_OFF, now, edges -> edges.drain(id, lingerNanos), actions);
    deadline = now + Math.max(lingerNanos, Limits.of(Order.SWITCH_OFF));
  }

  void check(boolean aside, long now, Actions actions) {
    if (aside) {
      give(Order.STEP_ASIDE, now, edges -> edges.switchTo(id, Face.PRIVATE), actions);
    } else {
      give(Order.CHECK, now, edges -> edges.probe(id, Face.SHARED), actions);
    }
  }

  void probeIfDue(long now, Actions actions) {
    if (isDue(now)) {
      give(Order.PROBE, now, edges -> edges.probe(id, Face.PRIVATE), actions);
    }
  }

  /** Has an end of its own, which the configuration knows. */
  void warmUp(WarmUp how, long mostNanos, long now, Actions actions) {
    give(Order.WARM_UP, now, edges -> edges.warmUp(id, how), actions);
    deadline = now + mostNanos;
  }

  void raise(long now, Actions actions) {
    give(Order.RAISE, now, edges -> edges.raise(id), actions);
  }

  void countIfDue(long now, Actions actions) {
    if (isDue(now)) {
      give(Order.COUNT, now, edges -> edges.countConnections(id), actions);
    }
  }

  private boolean isDue(long now) {
    return order == Order.NONE && now - nextTry >= 0;
  }

  private void give(Order given, long now, Action action, Actions actions) {
    order = given;
    deadline = now + Limits.of(given);
    actions.add(action);
  }

  /** That order was answered; the next of its kind is due later. */
  void answered(Order expected, long next) {
    if (order == expected) {
      order = Order.NONE;
      nextTry = next;
    }
  }

  /** Returns whether that is what was asked for. */
  boolean switchedOn(long now) {
    boolean asked = order == Order.SWITCH_ON || order == Order.STEP_BACK;
    if (asked) {
      answered(order, now);
    }
    return asked;
  }

  /** Returns whether a drain has asked for it; a step aside goes on with its check. */
  boolean switchedOff(long now, Actions actions) {
    if (order == Order.STEP_ASIDE) {
      give(Order.CHECK_ASIDE, now, edges -> edges.probe(id, Face.PRIVATE), actions);
      return false;
    }
    boolean asked = order == Order.SWITCH_OFF;
    answered(Order.SWITCH_OFF, now);
    return asked;
  }

  /** Returns whether it was asked for; who stepped aside steps back. */
  boolean probedWhileServing(boolean switchable, long now, Actions actions) {
    if (order == Order.CHECK_ASIDE && switchable) {
      give(Order.STEP_BACK, now, edges -> edges.switchTo(id, Face.SHARED), actions);
      return true;
    }
    boolean asked = order == Order.CHECK;
    answered(Order.CHECK, now);
    return asked;
  }

  /** Its answer does not matter any more: the worker steps back. */
  void endCheckAside(long now, Actions actions) {
    if (order == Order.CHECK_ASIDE) {
      give(Order.STEP_BACK, now, edges -> edges.switchTo(id, Face.SHARED), actions);
    }
  }

  /** The order could not be carried out; returns which. */
  Order failed(long next) {
    Order failed = order;
    answered(failed, next);
    return failed;
  }

  boolean isOverdue(long now) {
    return order != Order.NONE && now - deadline >= 0;
  }

  /** Whatever was asked does not matter any more; what takes long is ended. */
  void cancel(Actions actions) {
    if (order == Order.WARM_UP) {
      actions.add(edges -> edges.endWarmUp(id));
    }
    order = Order.NONE;
  }

  /** The next order of those given again and again is due then. */
  void dueAt(long instant) {
    nextTry = instant;
  }

  /**
   * When something is due without a fact.
   *
   * @param polls whether an order is given again and again in this state
   */
  long nextDeadline(boolean polls, long otherwise) {
    if (order != Order.NONE) {
      return deadline;
    }
    return polls ? nextTry : otherwise;
  }
}
