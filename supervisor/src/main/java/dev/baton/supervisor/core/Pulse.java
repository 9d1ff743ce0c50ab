package dev.baton.supervisor.core;

/**
 * The signs of life of one serving worker. It is asked three times within its watchdog's time;
 * whatever it says is a sign. Three questions and not one, so that a leap of the clock, after the
 * host was suspended, passes for one silence and not for a long one.
 */
final class Pulse {
  private static final int QUESTIONS = 3;

  private final long interval;

  // Mutable state
  private boolean running;
  private boolean asked;
  private int silences;
  private long nextAt;

  /** Zero nanoseconds: nobody is ever asked. */
  Pulse(long watchdogNanos) {
    this.interval = watchdogNanos / QUESTIONS;
  }

  /** From now on silence counts. */
  void begin(long now) {
    running = interval > 0;
    asked = false;
    silences = 0;
    nextAt = now + interval;
  }

  /** From now on silence is legal. */
  void end() {
    running = false;
    silences = 0;
  }

  /** Returns whether it had been silent. */
  boolean heard() {
    boolean silent = silences > 0;
    asked = false;
    silences = 0;
    return silent;
  }

  /** Whether to ask now; counts the last question as unanswered if it is. */
  boolean ask(long now) {
    if (!running || now - nextAt < 0) {
      return false;
    }
    silences += asked ? 1 : 0;
    asked = true;
    nextAt = now + interval;
    return true;
  }

  boolean isSilent() {
    return silences >= QUESTIONS;
  }

  /** When to ask next; {@code otherwise} when nobody is asked. */
  long nextDeadline(long otherwise) {
    return running ? nextAt : otherwise;
  }
}
