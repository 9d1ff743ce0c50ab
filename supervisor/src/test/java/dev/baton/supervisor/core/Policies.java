package dev.baton.supervisor.core;

import dev.baton.supervisor.config.RestartPolicy;
import dev.baton.supervisor.config.RestartPolicy.Compare;
import dev.baton.supervisor.config.RestartPolicy.Strategy;
import java.time.Duration;

/** Restart policies, each by what is unusual about it. */
final class Policies {
  private static final RestartPolicy PLAIN = RestartPolicy.DEFAULT;

  private Policies() {}

  static RestartPolicy with(Strategy strategy) {
    return PLAIN.with(strategy);
  }

  static RestartPolicy rolling(int surge, int maxUnavailable) {
    return new RestartPolicy(
        Strategy.ROLLING,
        surge,
        maxUnavailable,
        PLAIN.soak(),
        PLAIN.compare(),
        PLAIN.onFailure(),
        PLAIN.memory(),
        PLAIN.park());
  }

  static RestartPolicy canary(long soakSeconds, Compare compare) {
    return new RestartPolicy(
        Strategy.CANARY,
        PLAIN.surge(),
        PLAIN.maxUnavailable(),
        Duration.ofSeconds(soakSeconds),
        compare,
        PLAIN.onFailure(),
        PLAIN.memory(),
        PLAIN.park());
  }

  static RestartPolicy memory(RestartPolicy like, RestartPolicy.Memory memory) {
    return new RestartPolicy(
        like.strategy(),
        like.surge(),
        like.maxUnavailable(),
        like.soak(),
        like.compare(),
        like.onFailure(),
        memory,
        like.park());
  }

  static RestartPolicy parking(long minutes) {
    return new RestartPolicy(
        PLAIN.strategy(),
        PLAIN.surge(),
        PLAIN.maxUnavailable(),
        PLAIN.soak(),
        PLAIN.compare(),
        PLAIN.onFailure(),
        PLAIN.memory(),
        Duration.ofMinutes(minutes));
  }
}
