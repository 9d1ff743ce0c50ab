package dev.baton.supervisor.config;

import java.time.Duration;

/**
 * The limits of a worker's life.
 *
 * @param start from launch until it is ready
 * @param linger from switched off until it is stopped, whatever is still connected
 * @param stop from the stop signal to SIGKILL
 * @param stopSignal what it is stopped with, without SIG: TERM, INT, QUIT, USR1 …
 */
public record Timing(Duration start, Duration linger, Duration stop, String stopSignal) {
  public static final Timing DEFAULT =
      new Timing(Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(10), "TERM");
}
