package dev.baton.supervisor.core;

import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.core.Orders.Order;

/**
 * How long things may take, in nanoseconds.
 *
 * @param start from launch until it is ready
 * @param linger from switched off until it is stopped
 * @param stop from the stop signal to SIGKILL
 * @param watchdog how long a serving worker may be silent; 0 for ever
 * @param training how long it serves before an archive is made of what it has loaded
 */
record Limits(long start, long linger, long stop, long watchdog, long training) {
  private static final long MILLI = 1_000_000L;

  /** An attached JVM answers in milliseconds; this is for one that is stopped or swapping. */
  static final long ORDER = 5_000 * MILLI;

  /** Probes have time-outs of their own; this is for a prober that has none left. */
  static final long PROBE = 120_000 * MILLI;

  /** Who sends the requests of a warm-up ends by itself; this is for its start and its end. */
  static final long WARM_UP_ENDS = 10_000 * MILLI;

  /** Between two tries of a gate. */
  static final long PROBE_INTERVAL = 50 * MILLI;

  /** Between two checks of a canary and its siblings while they are compared. */
  static final long COMPARE_INTERVAL = 100 * MILLI;

  /** Between two counts of a draining worker's connections. */
  static final long COUNT_INTERVAL = 50 * MILLI;

  static final long COUNT_AT_LEAST = 1_000 * MILLI;

  /** How long what a worker does next may wait until it is written down what it does now. */
  static final long DIAGNOSIS = 3_000 * MILLI;

  /** SIGKILL cannot be refused, only delayed by a process in a system call: send it again. */
  static final long KILL_AGAIN = 5_000 * MILLI;

  /** A worker that served this long was no crash loop: back-off starts again from the first. */
  static final long STEADY = 10_000 * MILLI;

  static Limits of(ServiceConfig config) {
    return new Limits(
        config.timing().start().toNanos(),
        config.timing().linger().toNanos(),
        config.timing().stop().toNanos(),
        config.failure().watchdog().toNanos(),
        config.archive().after().toNanos());
  }

  /** How long an order may go unanswered. */
  static long of(Order order) {
    return switch (order) {
      case PROBE, CHECK, CHECK_ASIDE -> PROBE;
      case WARM_UP -> WARM_UP_ENDS;
      case NONE, RAISE, SWITCH_ON, SWITCH_OFF, COUNT, STEP_ASIDE, STEP_BACK -> ORDER;
    };
  }
}
