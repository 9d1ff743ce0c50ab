package dev.baton.supervisor.core;

/**
 * Time without leaps. While the host was suspended or the supervisor was stopped, no worker could
 * answer in time: what was slept through is left out, so that no deadline passes in it.
 */
public final class SteadyClock {
  /** A late wake-up is ordinary on a busy host; later than this, we were not running at all. */
  private static final long MOST_LATE_NANOS = 1_000_000_000L;

  private long leftOut;

  /**
   * The time now, never earlier than before.
   *
   * @param raw what the system's clock says
   * @param due when, in the time of this clock, somebody should have looked at the latest
   */
  public long read(long raw, long due) {
    long late = raw - leftOut - due;
    if (late > MOST_LATE_NANOS) {
      leftOut += late;
    }
    return raw - leftOut;
  }
}
