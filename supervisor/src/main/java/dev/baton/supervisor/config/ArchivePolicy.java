package dev.baton.supervisor.config;

import java.time.Duration;

/**
 * Whether a service gets a class-data archive, from which a JVM takes classes instead of loading
 * them.
 *
 * @param after how long a worker has served when one is made of what it has loaded by then
 */
public record ArchivePolicy(Mode mode, Duration after) {
  public static final ArchivePolicy DEFAULT = new ArchivePolicy(Mode.AUTO, Duration.ofSeconds(30));

  /** When there is one. */
  public enum Mode {
    /** Where one is possible. */
    AUTO,
    OFF
  }
}
