package dev.baton.examples.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a restart does to the clients of a host that has work to do: the 99th percentile of all
 * requests from the command to its end, the new generation's first ones included, against that of
 * the last 2,000 before; with a gentle start and without, in pairs on the same machine. Both warm
 * up.
 *
 * <p>Run from a checkout that is built: {@code java -cp examples/benchmarks/target/classes
 * dev.baton.examples.benchmarks.GentleStartBenchmark [PAIRS [RATE]]}.
 */
public final class GentleStartBenchmark {
  private GentleStartBenchmark() {}

  public static void main(String[] args) throws Exception {
    int pairs = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    int rate = args.length > 1 ? Integer.parseInt(args[1]) : 150;
    LoadedService plain = new LoadedService("plain", LoadedService.WARM_UP);
    LoadedService gentle =
        new LoadedService("gentle", LoadedService.WARM_UP, "gentle-start = true");
    List<Double> plains = new ArrayList<>();
    List<Double> gentles = new ArrayList<>();
    Supervised supervised =
        Supervised.run("name = \"bench\"\n" + plain.configuration() + gentle.configuration(), 2);
    try {
      System.out.println(rate + " requests a second, a connection each; p99 in ms");
      for (int i = 1; i <= pairs; i++) {
        plains.add(ratio(i, plain, plain.restart(supervised, rate)));
        gentles.add(ratio(i, gentle, gentle.restart(supervised, rate)));
      }
      System.out.printf("busy under this load alone: %.0f %%%n", 100 * busy(gentle, rate));
    } finally {
      supervised.end();
    }
    Ratios.print("p99 during a restart / before, plain ", plains);
    Ratios.print("p99 during a restart / before, gentle", gentles);
  }

  private static double ratio(int pair, LoadedService service, LoadedService.Result result) {
    double ratio = result.during() / result.before();
    System.out.printf("%2d %s: %s: ratio %.2f%n", pair, service.name(), result, ratio);
    return ratio;
  }

  /** The share of all processors that was used, in ten seconds of load. */
  private static double busy(LoadedService service, int rate) throws Exception {
    OpenLoop load = service.load(rate);
    try {
      return Processors.busy(TimeUnit.SECONDS.toMillis(10));
    } finally {
      load.end();
    }
  }
}
