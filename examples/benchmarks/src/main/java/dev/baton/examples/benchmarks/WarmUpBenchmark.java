package dev.baton.examples.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How much slower a new generation is than the old one was: the 99th percentile of its first 2,000
 * requests against that of the last 2,000 of the old one before the restart, with and without a
 * warm-up, in pairs on the same machine. Says what it found; whether that is good is for people.
 *
 * <p>Run from a checkout that is built: {@code java -cp examples/benchmarks/target/classes
 * dev.baton.examples.benchmarks.WarmUpBenchmark [PAIRS [RATE]]}.
 */
public final class WarmUpBenchmark {
  private static final Path LOAD = Path.of("/proc/loadavg");

  private WarmUpBenchmark() {}

  public static void main(String[] args) throws Exception {
    int pairs = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    int rate = args.length > 1 ? Integer.parseInt(args[1]) : 100;
    LoadedService cold = new LoadedService("cold");
    LoadedService warm = new LoadedService("warm", LoadedService.WARM_UP);
    List<Double> colds = new ArrayList<>();
    List<Double> warms = new ArrayList<>();
    Supervised supervised =
        Supervised.run("name = \"bench\"\n" + cold.configuration() + warm.configuration(), 2);
    try {
      System.out.println(
          rate
              + " requests a second, a connection each; p99 of "
              + LoadedService.REQUESTS
              + " requests in ms");
      for (int i = 1; i <= pairs; i++) {
        colds.add(ratio(i, cold, cold.restart(supervised, rate)));
        warms.add(ratio(i, warm, warm.restart(supervised, rate)));
        System.out.println("   load of the host: " + Files.readString(LOAD).strip());
      }
    } finally {
      supervised.end();
    }
    String what = " p99 of the new generation / p99 of the old";
    Ratios.print("without warm-up" + what, colds);
    Ratios.print("with warm-up   " + what, warms);
  }

  private static double ratio(int pair, LoadedService service, LoadedService.Result result) {
    double ratio = result.fresh() / result.before();
    System.out.printf("%2d %s: %s: ratio %.2f%n", pair, service.name(), result, ratio);
    result.said().forEach(line -> System.out.println("   " + line.strip()));
    return ratio;
  }
}
