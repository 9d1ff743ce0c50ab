package dev.baton.supervisor.process;

import java.util.Arrays;

/** How long the requests of about a second took. Any thread. */
final class WarmUpWindow {
  private static final int MOST = 100_000;

  // Mutable state, guarded by this
  private long[] nanos = new long[1024];
  private int count;

  synchronized void add(long took) {
    if (count == nanos.length && count < MOST) {
      nanos = Arrays.copyOf(nanos, count * 2);
    }
    if (count < nanos.length) {
      nanos[count++] = took;
    }
  }

  synchronized int count() {
    return count;
  }

  /** Those there are, in order; it is empty afterwards. */
  synchronized long[] take() {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    count = 0;
    return sorted;
  }

  /** Of sorted figures. */
  static long percentile(long[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }
}
