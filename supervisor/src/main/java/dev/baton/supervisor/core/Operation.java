package dev.baton.supervisor.core;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.baton.supervisor.config.RestartPolicy.Strategy;
import org.jspecify.annotations.Nullable;

/**
 * What one command asks for: steps, each on one service, one after the other.
 *
 * @param id chosen by whoever asks; comes back in each {@link Outcome}; 0 is nobody's
 * @param goesOn whether a step that fails leaves the others to be done
 */
public record Operation(long id, ImmutableList<Step> steps, boolean goesOn) {
  /** What is done with a service. */
  public enum Kind {
    START,
    STOP,
    RESTART,
    /** Restart by who waits. */
    PROMOTE,
    ROLLBACK,
    SCALE,
    RESET,
    /** Stop, and then do not know it any more. */
    REMOVE
  }

  /**
   * One service's part.
   *
   * @param workers how many, for a change of scale
   * @param strategy instead of the configured one, for a restart
   */
  public record Step(String service, Kind kind, int workers, @Nullable Strategy strategy) {
    public static Step of(String service, Kind kind) {
      return new Step(service, kind, 0, null);
    }
  }

  /** The same for each of these services. */
  public static Operation of(long id, Kind kind, Iterable<String> services) {
    ImmutableList.Builder<Step> steps = ImmutableList.builder();
    services.forEach(service -> steps.add(Step.of(service, kind)));
    return new Operation(id, steps.build(), false);
  }

  /** Those it has to do with. */
  public ImmutableSet<String> services() {
    return steps.stream().map(Step::service).collect(ImmutableSet.toImmutableSet());
  }

  /**
   * Why an operation does not begin.
   *
   * @param busy whether something else has to end first; else it can never be done
   * @param reason one sentence
   */
  public record Refusal(boolean busy, String reason) {}
}
