package dev.baton.supervisor.core;

import dev.baton.supervisor.config.RestartPolicy;
import dev.baton.supervisor.config.RestartPolicy.Strategy;
import dev.baton.supervisor.core.Replacement.Permits;
import dev.baton.supervisor.core.Replacement.Style;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The numbers of a strategy: how many slots at a time, in which order, and what fits in memory. */
final class Rollouts {
  private Rollouts() {}

  /** How a slot is replaced. */
  static Style styleOf(Strategy strategy) {
    return switch (strategy) {
      case ROLLING, ALL_AT_ONCE, CANARY -> Style.READY_FIRST;
      case HANDOVER -> Style.HANDOVER;
      case EXCLUSIVE -> Style.EXCLUSIVE;
    };
  }

  /** How the next slot is replaced; null when it has to wait. */
  static @Nullable Style nextStyle(RestartPolicy policy, List<Replacement> running, int replaced) {
    Style style = styleOf(policy.strategy());
    return switch (policy.strategy()) {
      case ALL_AT_ONCE, HANDOVER, EXCLUSIVE -> style;
      case CANARY -> replaced == 0 && !running.isEmpty() ? null : rolling(policy, running);
      case ROLLING -> rolling(policy, running);
    };
  }

  private static @Nullable Style rolling(RestartPolicy policy, List<Replacement> running) {
    long readyFirst = running.stream().filter(one -> one.style() == Style.READY_FIRST).count();
    if (readyFirst < policy.surge()) {
      return Style.READY_FIRST;
    }
    return running.size() - readyFirst < policy.maxUnavailable() ? Style.EXCLUSIVE : null;
  }

  /**
   * What the slots may do now.
   *
   * @param complete whether all that will ever run do
   */
  static Permits permits(Strategy strategy, List<Replacement> running, boolean complete) {
    boolean allReady = complete && running.stream().allMatch(Replacement::isReady);
    return switch (strategy) {
      case ROLLING, CANARY -> Permits.ALL;
      case ALL_AT_ONCE ->
          new Permits(
              true, allReady, complete && running.stream().allMatch(Replacement::isServing));
      case HANDOVER -> new Permits(true, allReady, true);
      case EXCLUSIVE ->
          new Permits(complete && running.stream().allMatch(Replacement::hasRoom), true, true);
    };
  }

  /** All slots in one go: nobody has to boot. */
  static RestartPolicy atOnce(RestartPolicy policy) {
    return policy.with(Strategy.ALL_AT_ONCE);
  }

  /**
   * Whether old and new fit side by side.
   *
   * @param policy how to go on: perhaps fewer slots at a time than was asked for
   * @param note what was changed, or what is lacking
   */
  record Fit(boolean fits, RestartPolicy policy, String note) {}

  static Fit fit(RestartPolicy policy, int slots, Memory memory) {
    int wanted = beside(policy, slots);
    if (policy.memory() == RestartPolicy.Memory.IGNORE || memory.fits() >= wanted) {
      return new Fit(true, policy, "");
    }
    boolean oneByOne = policy.strategy() != Strategy.HANDOVER || slots == 1;
    String shortage = memory.shortage(wanted);
    if (policy.memory() == RestartPolicy.Memory.DEGRADE && memory.fits() >= 1 && oneByOne) {
      return new Fit(true, oneAtATime(policy), ", one slot at a time because " + shortage);
    }
    return new Fit(
        false, policy, "too little memory: " + shortage + "; free some, or set restart.memory");
  }

  /** How many new workers live beside old ones at a time. */
  private static int beside(RestartPolicy policy, int slots) {
    return switch (policy.strategy()) {
      case ROLLING, CANARY -> Math.min(policy.surge(), slots);
      case ALL_AT_ONCE, HANDOVER -> slots;
      case EXCLUSIVE -> 0;
    };
  }

  private static RestartPolicy oneAtATime(RestartPolicy policy) {
    Strategy strategy =
        policy.strategy() == Strategy.ALL_AT_ONCE ? Strategy.ROLLING : policy.strategy();
    return new RestartPolicy(
        strategy,
        1,
        policy.maxUnavailable(),
        policy.soak(),
        policy.compare(),
        policy.onFailure(),
        policy.memory(),
        policy.park());
  }
}
