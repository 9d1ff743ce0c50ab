package dev.baton.supervisor.core;

import dev.baton.supervisor.config.RestartPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A canary serves beside its siblings for a while, and must do as well as they do. */
final class Soak {
  /** Fewer probes than this tell nothing about a 99th percentile. */
  private static final int ENOUGH_PROBES = 20;

  private final Slot slot;
  private final RestartPolicy policy;
  private final long endsAt;

  // Mutable state
  private long searchAt;
  private @Nullable String alarm;

  Soak(Slot slot, RestartPolicy policy, long now) {
    this.slot = slot;
    this.policy = policy;
    this.endsAt = now + policy.soak().toNanos();
    this.searchAt = now;
  }

  boolean isOver(long now) {
    return now - endsAt >= 0;
  }

  long nextDeadline() {
    return policy.compare().log().isEmpty() || endsAt - searchAt < 0 ? endsAt : searchAt;
  }

  /** Whether probes are compared, so that they have to be made. */
  boolean needsProbes() {
    return policy.compare().probes() || policy.compare().slower() > 0;
  }

  /** The output of the canary has a line it must not have. */
  void outputMatched(WorkerId id, String line) {
    Worker canary = slot.current();
    if (canary != null && canary.id().equals(id)) {
      alarm = "wrote: " + line;
    }
  }

  /** Has its output looked through now and then. */
  void search(long now, Actions actions) {
    Worker canary = slot.current();
    String pattern = policy.compare().log();
    if (canary == null || canary.state() != WorkerState.SERVING) {
      return; // which is trouble enough
    }
    if (!pattern.isEmpty() && now - searchAt >= 0) {
      searchAt = now + Limits.COMPARE_INTERVAL;
      WorkerId id = canary.id();
      actions.add(edges -> edges.searchOutput(id, pattern));
    }
  }

  /** What it did wrong; null if nothing. */
  @Nullable String trouble(List<Worker> siblings, long now) {
    Worker canary = slot.current();
    if (canary == null || canary.state() != WorkerState.SERVING) {
      String how = canary == null || canary.failure() == null ? "died" : canary.failure();
      return how + " in its soak";
    }
    Health health = canary.health();
    if (health.trouble() != null) {
      return health.trouble() + " in its soak";
    }
    if (policy.compare().probes() && health.failures() > 0) {
      return health.lastFailure() + " in its soak";
    }
    if (alarm != null) {
      return alarm;
    }
    return isOver(now) ? slowness(health, siblings) : null;
  }

  private @Nullable String slowness(Health canary, List<Worker> siblings) {
    long others =
        siblings.stream()
            .map(sibling -> sibling.health().latencies())
            .filter(latencies -> latencies.count() >= ENOUGH_PROBES)
            .mapToLong(Latencies::p99)
            .max()
            .orElse(0);
    double allowed = policy.compare().slower() * others;
    boolean measured = canary.latencies().count() >= ENOUGH_PROBES && allowed > 0;
    if (!measured || canary.latencies().p99() <= allowed) {
      return null;
    }
    return String.format(
        "is slow: its probes' 99th percentile is %.1f ms, its siblings' %.1f ms",
        canary.latencies().p99() / 1e6, others / 1e6);
  }
}
