package dev.baton.supervisor.core;

import org.jspecify.annotations.Nullable;

/** What is known of how well one serving worker does: its answers to probes, its signs of life. */
final class Health {
  private final int failuresBorne;
  private final Pulse pulse;
  private final Latencies latencies = new Latencies();

  // Mutable state
  private int failuresInARow;
  private int failures;
  private String lastFailure = "";

  Health(int failuresBorne, long watchdogNanos) {
    this.failuresBorne = failuresBorne;
    this.pulse = new Pulse(watchdogNanos);
  }

  Pulse pulse() {
    return pulse;
  }

  Latencies latencies() {
    return latencies;
  }

  void probed(boolean passed, String detail, long took) {
    if (passed) {
      failuresInARow = 0;
      latencies.add(took);
    } else {
      failures++;
      failuresInARow++;
      lastFailure = detail;
    }
  }

  /** Failed probes since it began to serve. */
  int failures() {
    return failures;
  }

  String lastFailure() {
    return lastFailure;
  }

  void begin(long now) {
    failures = 0;
    failuresInARow = 0;
    latencies.clear();
    pulse.begin(now);
  }

  /** Why it has to be replaced; null while it does well enough. */
  @Nullable String trouble() {
    if (pulse.isSilent()) {
      return "does not answer its watchdog";
    }
    return failuresInARow >= failuresBorne
        ? lastFailure + ", " + failuresInARow + " times in a row"
        : null;
  }
}
