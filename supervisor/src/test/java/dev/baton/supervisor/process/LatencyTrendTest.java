package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Series of windows that were measured, and some that were made up. */
final class LatencyTrendTest {
  private static final int NEVER = -1;

  /**
   * Microseconds at the median and the 99th percentile, and how much the compilers worked: the
   * application of the benchmark on two processors that others wanted, too.
   */
  private static final double[][] MEASURED = {
    {8142, 839207, 0.91}, {2374, 62273, 0.45}, {1337, 18262, 0.38}, {539, 8040, 0.55},
    {507, 8158, 0.48}, {363, 7115, 0.54}, {278, 3776, 0.59}, {240, 3635, 0.34},
    {224, 3226, 0.23}, {191, 3908, 0.35}, {176, 2132, 0.23}, {157, 975, 0.09},
    {236, 2378, 0.10}, {237, 974, 0.04}, {182, 1340, 0.03}, {179, 939, 0.05},
    {195, 731, 0.01}, {235, 658, 0.01}, {164, 630, 0.00}, {151, 630, 0.02},
  };

  /** After how many windows it has settled. */
  private static int settled(double[][] windows) {
    LatencyTrend trend = new LatencyTrend();
    for (int i = 0; i < windows.length; i++) {
      trend.add((long) (windows[i][0] * 1000), (long) (windows[i][1] * 1000), windows[i][2]);
      if (trend.hasSettled()) {
        return i + 1;
      }
    }
    return NEVER;
  }

  /** The same window again and again. */
  private static double[][] plateau(int windows, double median, double p99, double compilers) {
    double[][] all = new double[windows][];
    for (int i = 0; i < windows; i++) {
      all[i] = new double[] {median, p99, compilers};
    }
    return all;
  }

  @Test
  void measuredSeriesSettlesWhenItsCompilersRestAndItGetsNoFaster() {
    assertEquals(15, settled(MEASURED));
  }

  @Test
  void threeWindowsWithoutGainAreEnough() {
    assertEquals(4, settled(plateau(10, 1000, 5000, 0)));
  }

  @Test
  void plateauWhileItsCompilersWorkIsNone() {
    assertEquals(NEVER, settled(plateau(30, 1000, 5000, 0.3)));
  }

  @Test
  void slowGainCountsWhenItHasComeToATenth() {
    double[][] windows = new double[30][];
    for (int i = 0; i < windows.length; i++) {
      double p99 = 20_000 * Math.pow(0.96, Math.min(i, 20));
      windows[i] = new double[] {1000, p99, 0};
    }

    int settled = settled(windows);

    assertTrue(settled > 20, "4 % better each time, up to the 20th: " + settled);
  }

  @Test
  void medianAloneCountsToo() {
    LatencyTrend trend = new LatencyTrend();
    for (int i = 0; i < 10; i++) {
      trend.add(10_000_000 >> i, 40_000_000, 0);

      assertFalse(trend.hasSettled() && i < 7, "halved " + i + " times");
    }
  }

  @Test
  void spoiltWindowsDelayNothing() {
    double[][] windows = plateau(6, 1000, 5000, 0);
    windows[1] = new double[] {9000, 80_000, 0};
    windows[2] = new double[] {1000, 300_000, 0};

    assertEquals(4, settled(windows));
  }

  @Test
  void noiseOfFiftyPercentEndsInTime() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      double[][] windows = new double[60][];
      for (int i = 0; i < windows.length; i++) {
        double noise = 1 + random.nextDouble() / 2;
        windows[i] = new double[] {1000 * noise, 5000 * noise, 0.02};
      }

      int settled = settled(windows);

      assertTrue(settled != NEVER && settled <= 30, "seed " + seed + ": " + settled);
    }
  }

  @Test
  void whatNobodyNoticesIsNoGain() {
    double[][] windows = new double[10][];
    for (int i = 0; i < windows.length; i++) {
      windows[i] = new double[] {90 >> i, 95 >> i, 0};
    }

    assertEquals(4, settled(windows));
  }

  @Test
  void nothingHasSettledBeforeAnythingWasMeasured() {
    assertFalse(new LatencyTrend().hasSettled());
  }
}
