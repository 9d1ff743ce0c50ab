package dev.baton.worker;

import java.time.Duration;

/**
 * The time after this worker got its last client and before it is stopped. New connections go to
 * others already; what is left is to finish those it has, which the supervisor waits for.
 *
 * <p>Immutable; any thread.
 */
public final class Drain {
  private final long end;

  /**
   * Ends then.
   *
   * @param end an instant of {@link System#nanoTime}
   */
  Drain(long end) {
    this.end = end;
  }

  /** How long it may still take; zero, never less, when the supervisor waits no longer. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  @Override
  public String toString() {
    return "drain, " + remaining().toMillis() + " ms left";
  }
}
