package dev.baton.supervisor.process;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The instant at which one try of a gate has taken too long, and when it began. */
final class Deadline {
  /** Nothing that is tried again and again takes longer; keeps the arithmetic in range. */
  private static final Duration LONGEST = Duration.ofDays(1);

  private final long startNanos = System.nanoTime();
  private final Duration timeout;

  private Deadline(Duration timeout) {
    this.timeout = timeout.compareTo(LONGEST) < 0 ? timeout : LONGEST;
  }

  static Deadline after(Duration timeout) {
    return new Deadline(timeout);
  }

  long elapsedNanos() {
    return System.nanoTime() - startNanos;
  }

  boolean isPast() {
    return remainingMillis() == 0;
  }

  /** For who has something to do when it is past: 0 then. */
  int remainingMillis() {
    long left = timeout.toNanos() - elapsedNanos();
    // Rounded up: who has waited so long finds the deadline past.
    return left <= 0 ? 0 : (int) TimeUnit.NANOSECONDS.toMillis(left) + 1;
  }

  /** For calls to which 0 means for ever: at least 1, or an exception. */
  int millisLeft() throws SocketTimeoutException {
    int left = remainingMillis();
    if (left == 0) {
      throw new SocketTimeoutException("not within " + this);
    }
    return left;
  }

  /** As it is written in a configuration: {@code 1s}, {@code 500ms}. */
  @Override
  public String toString() {
    long millis = timeout.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }
}
