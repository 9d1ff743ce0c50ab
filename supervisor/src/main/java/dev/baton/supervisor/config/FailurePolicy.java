package dev.baton.supervisor.config;

import java.time.Duration;

/**
 * What becomes of a service whose workers die.
 *
 * @param backOff before the first new attempt; it doubles with each further crash
 * @param longestBackOff where the doubling ends
 * @param budget how many crashes within the period are borne; one more and the service has failed
 * @param period the time in which they are counted
 * @param watchdog how long a worker may say nothing before it is replaced; zero for ever
 * @param orphan how long a worker serves without any supervisor before it drains and ends; zero for
 *     ever
 * @param evidence of how many workers that died, or would not end, it is kept what is known of them
 */
public record FailurePolicy(
    Duration backOff,
    Duration longestBackOff,
    int budget,
    Duration period,
    Duration watchdog,
    Duration orphan,
    int evidence) {
  private static final int USUAL_EVIDENCE = 10;

  public static final FailurePolicy DEFAULT =
      new FailurePolicy(
          Duration.ofMillis(100),
          Duration.ofSeconds(10),
          10,
          Duration.ofMinutes(5),
          Duration.ofSeconds(30));

  /** Whose workers serve on for ever, supervisor or not, and with as much evidence as usual. */
  public FailurePolicy(
      Duration backOff, Duration longestBackOff, int budget, Duration period, Duration watchdog) {
    this(backOff, longestBackOff, budget, period, watchdog, Duration.ZERO, USUAL_EVIDENCE);
  }
}
