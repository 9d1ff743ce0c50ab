package dev.baton.worker.testkit;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a load has met with. Immutable.
 *
 * @param started requests sent on their way
 * @param succeeded those that were answered in full
 * @param failures the others, by kind
 * @param examples the first of them, in words
 * @param answeredBy how many answers had each body
 * @param latencies of successful requests, by phase, from the instant each was due
 */
public record Report(
    long started,
    long succeeded,
    Map<Failure, Long> failures,
    List<String> examples,
    Map<String, Long> answeredBy,
    Map<String, Latency> latencies) {

  /**
   * Percentiles in microseconds, 3 % too large at most.
   *
   * @param count requests
   * @param p50 the median
   * @param p99 the 99th percentile
   * @param p999 the 99.9th
   * @param max the slowest
   */
  public record Latency(long count, long p50, long p99, long p999, long max) {}

  /** How many have failed, in whatever way. */
  public long failed() {
    return failures.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * That there were requests, and all were answered in full.
   *
   * @throws AssertionError with the first failures in words
   */
  public void assertNothingFailed() {
    if (failed() > 0 || succeeded == 0) {
      throw new AssertionError(
          failed() + " of " + started + " requests failed\n" + String.join("\n", examples));
    }
  }

  /** Collects; guarded by itself. */
  static final class Builder {
    private static final int MOST_EXAMPLES = 50;

    private final Map<Failure, Long> failures = new EnumMap<>(Failure.class);
    private final List<String> examples = new ArrayList<>();
    private final Map<String, Long> answeredBy = new TreeMap<>();
    private final Map<String, Histogram> latencies = new TreeMap<>();
    private long started;
    private long succeeded;

    synchronized void started() {
      started++;
    }

    synchronized void succeeded(String phase, long nanos, String body) {
      succeeded++;
      answeredBy.merge(body.trim(), 1L, Long::sum);
      latencies.computeIfAbsent(phase, p -> new Histogram()).record(nanos);
    }

    synchronized void failed(Failure kind, String words) {
      failures.merge(kind, 1L, Long::sum);
      if (examples.size() < MOST_EXAMPLES) {
        examples.add(kind.label() + ": " + words);
      }
    }

    synchronized Report build() {
      Map<String, Latency> percentiles = new TreeMap<>();
      latencies.forEach(
          (phase, h) ->
              percentiles.put(
                  phase,
                  new Latency(
                      h.total(),
                      h.percentile(50),
                      h.percentile(99),
                      h.percentile(99.9),
                      h.percentile(100))));
      return new Report(
          started,
          succeeded,
          Map.copyOf(failures),
          List.copyOf(examples),
          Map.copyOf(answeredBy),
          percentiles);
    }
  }
}
