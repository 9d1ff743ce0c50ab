package dev.baton.supervisor.core;

import dev.baton.supervisor.config.FailurePolicy;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** How often a slot's workers have died lately: when to try again, and when no more. */
final class Crashes {
  private static final int MAX_DOUBLINGS = 16;

  // Mutable state
  private final Deque<Long> lately = new ArrayDeque<>();
  private int inARow;
  private long retryAt;
  private @Nullable String exhausted;

  Crashes(long now) {
    this.retryAt = now;
  }

  /**
   * A worker died, or could not be replaced.
   *
   * @param reason in words
   * @param servedNanos how long it had served
   * @param jitter from 0 to 1, so that many that fail at the same time do not return at the same
   */
  void add(String reason, long servedNanos, FailurePolicy policy, double jitter, long now) {
    long period = policy.period().toNanos();
    lately.addLast(now);
    while (now - lately.getFirst() > period) {
      lately.removeFirst();
    }
    inARow = servedNanos < Limits.STEADY ? Math.min(inARow + 1, MAX_DOUBLINGS) : 1;
    long doubled = policy.backOff().toNanos() << (inARow - 1);
    long longest = policy.longestBackOff().toNanos();
    long wait = doubled <= 0 ? longest : Math.min(doubled, longest);
    retryAt = now + wait + (long) (wait * jitter / 4);
    if (lately.size() > policy.budget()) {
      exhausted = reason + ", the last of " + lately.size() + " failures";
    }
  }

  /** When to try again; meaningless once they are {@link #exhausted}. */
  long retryAt() {
    return retryAt;
  }

  /** Why there will be no further try; null while there will. */
  @Nullable String exhausted() {
    return exhausted;
  }

  /** What the supervisor before has given up stays so. */
  void giveUp(String why) {
    exhausted = why;
  }

  /** Forgives all. */
  void reset(long now) {
    lately.clear();
    inARow = 0;
    retryAt = now;
    exhausted = null;
  }
}
