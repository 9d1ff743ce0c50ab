package dev.baton.supervisor.config;

import java.time.Duration;

/**
 * What workers of a service may have kept for those that come after them.
 *
 * @param size bytes of all together
 * @param entries how many
 * @param expires after how long one that nobody stores again is thrown away
 */
public record StorePolicy(long size, int entries, Duration expires) {
  public static final StorePolicy DEFAULT = new StorePolicy(64 << 20, 100, Duration.ofHours(1));
}
