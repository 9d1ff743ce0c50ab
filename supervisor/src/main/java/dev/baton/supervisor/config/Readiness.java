package dev.baton.supervisor.config;

import com.google.common.collect.ImmutableList;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a worker may get clients, and whether it still may.
 *
 * @param gates all of which it has to pass, in this order; none: that it listens is enough
 * @param every how often the gates of a serving worker are tried again; zero for never
 * @param failures how many tries in a row must fail before a serving worker is taken for sick
 * @param warmUp what it gets once, when it has passed them; null for nothing
 */
public record Readiness(
    ImmutableList<Gate> gates, Duration every, int failures, @Nullable WarmUp warmUp) {
  public static final Readiness DEFAULT = of(ImmutableList.of(new Gate.Tcp(Gate.DEFAULT_TIMEOUT)));

  /** These gates at the start and no more afterwards. */
  public static Readiness of(ImmutableList<Gate> gates) {
    return new Readiness(gates, Duration.ZERO, 3, null);
  }

  /** The same, and this when they are passed. */
  public Readiness with(WarmUp next) {
    return new Readiness(gates, every, failures, next);
  }
}
