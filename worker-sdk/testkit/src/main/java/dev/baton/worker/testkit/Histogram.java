package dev.baton.worker.testkit;

/**
 * Counts durations in buckets that grow with them: 32 to each power of two of microseconds, so a
 * percentile is off by 3 % at most, in constant memory.
 */
final class Histogram {
  private static final int SUB_BITS = 5;
  private static final int SUB = 1 << SUB_BITS;
  private static final int BUCKETS = SUB * 36;

  private final long[] counts = new long[BUCKETS];
  private long total;
  private long max;

  void record(long nanos) {
    long micros = Math.max(0, nanos / 1000);
    counts[Math.min(BUCKETS - 1, bucket(micros))]++;
    total++;
    max = Math.max(max, micros);
  }

  long total() {
    return total;
  }

  /**
   * In microseconds; the upper end of the bucket, so never too small. 0 when nothing was counted.
   */
  long percentile(double percent) {
    long rank = (long) Math.ceil(total * percent / 100);
    long seen = 0;
    for (int i = 0; i < BUCKETS && rank > 0; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return Math.min(max, upperEnd(i));
      }
    }
    return max;
  }

  private static int bucket(long micros) {
    if (micros < SUB) {
      return (int) micros;
    }
    int exponent = 63 - Long.numberOfLeadingZeros(micros) - SUB_BITS;
    return exponent * SUB + (int) (micros >>> exponent);
  }

  private static long upperEnd(int bucket) {
    if (bucket < SUB) {
      return bucket;
    }
    int exponent = bucket / SUB - 1;
    return ((bucket - (long) exponent * SUB + 1) << exponent) - 1;
  }
}
