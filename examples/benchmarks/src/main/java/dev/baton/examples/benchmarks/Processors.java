package dev.baton.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** How busy the processors of this host are, by the kernel's count. */
final class Processors {
  private static final Path COUNT = Path.of("/proc/stat");
  private static final int IDLE = 4;
  private static final int WAITING_FOR_IO = 5;

  private static final long LOOK_MILLIS = 250;
  private static final int LOOKS_IN_A_ROW = 2;
  private static final int MOST_LOOKS = 240;
  private static final double REST = 0.06;

  private Processors() {}

  /** The share of all processors that is used, during that time. */
  static double busy(long millis) throws IOException, InterruptedException {
    long[] from = ticks();
    TimeUnit.MILLISECONDS.sleep(millis);
    long[] to = ticks();
    return 1 - (double) (to[1] - from[1]) / Math.max(1, to[0] - from[0]);
  }

  /**
   * Waits until they have next to nothing to do: a JVM that was just started compiles for a while
   * yet, which is not to count for who is measured next.
   */
  static void awaitRest() throws IOException, InterruptedException {
    int atRest = 0;
    for (int look = 0; atRest < LOOKS_IN_A_ROW; look++) {
      if (look == MOST_LOOKS) {
        throw new IOException("this host does not come to rest; measure when nothing else runs");
      }
      atRest = busy(LOOK_MILLIS) < REST ? atRest + 1 : 0;
    }
  }

  /** Of all processors: all, and those idle. */
  private static long[] ticks() throws IOException {
    String[] fields = Files.readAllLines(COUNT).get(0).split(" +", -1);
    long all = 0;
    for (int i = 1; i < fields.length; i++) {
      all += Long.parseLong(fields[i]);
    }
    return new long[] {all, Long.parseLong(fields[IDLE]) + Long.parseLong(fields[WAITING_FOR_IO])};
  }
}
