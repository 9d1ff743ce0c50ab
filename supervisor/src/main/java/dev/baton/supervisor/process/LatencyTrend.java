package dev.baton.supervisor.process;

/**
 * Decides when the latency of a worker has settled, from what was measured in windows of about a
 * second. It has when in three windows in a row neither the median nor the 99th percentile came to
 * be a tenth better than it was, and the JIT compilers of the worker were idle in the last.
 *
 * <p>Only what gets better counts: a window that a busy host or a collection has spoilt neither
 * proves nor delays anything. A slow improvement counts as soon as it has come to a tenth, because
 * both are compared with the last level that was one, not with the window before. And latency alone
 * does not tell the plateau of a warm worker from that of one whose hot methods wait for the
 * optimizing compiler: but the kernel tells how much its compiler threads work, or want to.
 */
final class LatencyTrend {
  static final int WINDOWS = 3;

  private static final double BETTER = 0.9;

  /** Nobody waits for less, and of so little a tenth is noise. */
  private static final long NOTICEABLE_NANOS = 100_000;

  /** Of one processor. A warm JVM compiles now and then, too. */
  private static final double BUSY_COMPILERS = 0.1;

  // Mutable state
  private long medianNanos = Long.MAX_VALUE;
  private long p99Nanos = Long.MAX_VALUE;
  private boolean compiling;
  private int windowsWithoutGain;

  /**
   * One window more.
   *
   * @param compilers how many processors the compilers have wanted; 0 when that is unknown
   */
  void add(long median, long p99, double compilers) {
    boolean medianGains = isBetter(median, medianNanos);
    boolean p99Gains = isBetter(p99, p99Nanos);
    medianNanos = medianGains ? median : medianNanos;
    p99Nanos = p99Gains ? p99 : p99Nanos;
    windowsWithoutGain = medianGains || p99Gains ? 0 : windowsWithoutGain + 1;
    compiling = compilers > BUSY_COMPILERS;
  }

  boolean hasSettled() {
    return windowsWithoutGain >= WINDOWS && !compiling;
  }

  private static boolean isBetter(long nanos, long before) {
    return nanos < before * BETTER && before - nanos > NOTICEABLE_NANOS;
  }
}
