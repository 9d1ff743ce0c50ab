package dev.baton.supervisor.core;

import dev.baton.supervisor.config.Timing;

/**
 * How long things may take, in nanoseconds.
 *
 * @param start see {@link Timing}
 * @param linger see {@link Timing}
 * @param stop see {@link Timing}
 */
record Limits(long start, long linger, long stop) {
  private static final long MILLI = 1_000_000L;

  /** An attached JVM answers in milliseconds; this is for one that is stopped or swapping. */
  static final long ORDER = 5_000 * MILLI;

  /** Between two tries of a gate. */
  static final long PROBE_INTERVAL = 50 * MILLI;

  /** Between two counts of a draining worker's connections. */
  static final long COUNT_INTERVAL = 50 * MILLI;

  static final long COUNT_AT_LEAST = 1_000 * MILLI;

  /** What a thread dump of a large JVM needs to be written. */
  static final long DUMP = 1_000 * MILLI;

  /** SIGKILL cannot be refused, only delayed by a process in a system call: send it again. */
  static final long KILL_AGAIN = 5_000 * MILLI;

  /** The back-off after the first crash; it doubles up to the last. */
  static final long FIRST_BACK_OFF = 100 * MILLI;

  static final long LAST_BACK_OFF = 10_000 * MILLI;

  /** A worker that served this long was no crash loop: back-off starts again from the first. */
  static final long STEADY = 10_000 * MILLI;

  static Limits of(Timing timing) {
    return new Limits(timing.start().toNanos(), timing.linger().toNanos(), timing.stop().toNanos());
  }
}
