package dev.baton.supervisor.core;

import java.util.Arrays;

/** How long the last probes took, as many as tell a percentile. */
final class Latencies {
  private static final int KEPT = 256;

  private final long[] nanos = new long[KEPT];
  private int count;

  void add(long took) {
    nanos[count++ % KEPT] = took;
  }

  int count() {
    return Math.min(count, KEPT);
  }

  void clear() {
    count = 0;
  }

  /** The 99th percentile; 0 when nothing was measured. */
  long p99() {
    int n = count();
    long[] sorted = Arrays.copyOf(nanos, n);
    Arrays.sort(sorted);
    return n == 0 ? 0 : sorted[Math.min(n - 1, n * 99 / 100)];
  }
}
