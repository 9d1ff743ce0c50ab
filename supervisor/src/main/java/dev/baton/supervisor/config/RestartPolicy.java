package dev.baton.supervisor.config;

import java.time.Duration;

/**
 * How one generation follows another.
 *
 * @param surge rolling: how many slots are replaced at a time with the new worker ready first
 * @param maxUnavailable rolling: how many further slots are replaced at a time with the old one
 *     stopped first
 * @param soak canary: how long the first slot has to do well before the rest follows
 * @param compare canary: what the first slot is measured by while it soaks
 * @param park how long the previous generation is kept on its private faces; zero for not at all
 */
public record RestartPolicy(
    Strategy strategy,
    int surge,
    int maxUnavailable,
    Duration soak,
    Compare compare,
    OnFailure onFailure,
    Memory memory,
    Duration park) {
  public static final RestartPolicy DEFAULT =
      new RestartPolicy(
          Strategy.ROLLING,
          1,
          0,
          Duration.ofSeconds(30),
          Compare.NONE,
          OnFailure.ROLLBACK,
          Memory.DEGRADE,
          Duration.ZERO);

  public RestartPolicy with(Strategy other) {
    return new RestartPolicy(other, surge, maxUnavailable, soak, compare, onFailure, memory, park);
  }

  public RestartPolicy with(OnFailure other) {
    return new RestartPolicy(strategy, surge, maxUnavailable, soak, compare, other, memory, park);
  }

  /** The order in which slots are replaced, and old and new in each. */
  public enum Strategy {
    /** A few slots at a time. */
    ROLLING,
    /** Every slot boots its new worker; when all are ready, all are switched. */
    ALL_AT_ONCE,
    /** One slot, then a while of watching, then the rest. */
    CANARY,
    /** The new boots beside the old, and is switched on when the old is gone. */
    HANDOVER,
    /** The new is launched when the old is gone. */
    EXCLUSIVE
  }

  /** What becomes of the slots already replaced when another one fails. */
  public enum OnFailure {
    /** They return to the generation before. */
    ROLLBACK,
    /** They stay as they are. */
    HALT
  }

  /** What is done when the host has too little memory for old and new side by side. */
  public enum Memory {
    /** One slot at a time; if not even that fits, refuse. */
    DEGRADE,
    /** Refuse the restart, with the figures. */
    REFUSE,
    /** Do not look. */
    IGNORE
  }

  /**
   * What else a canary must not do while it soaks, besides dying.
   *
   * @param probes whether its gates are tried all the time, and must not fail
   * @param slower how many times slower than its siblings its probes' 99th percentile may be; 0 for
   *     not compared
   * @param log a pattern that no line of its output may match; empty for none
   */
  public record Compare(boolean probes, double slower, String log) {
    public static final Compare NONE = new Compare(false, 0, "");
  }
}
