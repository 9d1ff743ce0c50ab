package dev.baton.examples.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * How many requests a saturated worker answers, against the same JVM bare. Each pair is of two
 * fresh JVMs, for no two of them compile alike; both are warmed up, then saturated in turn, twice.
 * Clients share the machine with them.
 *
 * <p>Run from a checkout that is built: {@code java -cp examples/benchmarks/target/classes
 * dev.baton.examples.benchmarks.ThroughputBenchmark [PAIRS [SECONDS]]}.
 */
public final class ThroughputBenchmark {
  private static final int CLIENTS = 4;
  private static final int WARM_UPS = 3;
  private static final String PATH = "/catalogue.json?page=3";

  private ThroughputBenchmark() {}

  public static void main(String[] args) throws Exception {
    int pairs = args.length > 0 ? Integer.parseInt(args[0]) : 10;
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    JarService service = JarService.of("worker");
    Supervised supervised = Supervised.run("name = \"bench\"\n" + service.configuration(), 1);
    List<Double> ratios = new ArrayList<>();
    try {
      for (int i = 1; i <= pairs; i++) {
        supervised.baton("restart", "bench/" + service.name());
        double[] perSecond = pair(service.port(), seconds);
        System.out.printf(
            Locale.ROOT, "%2d: bare %.0f a second, worker %.0f%n", i, perSecond[0], perSecond[1]);
        ratios.add(perSecond[1] / perSecond[0]);
      }
    } finally {
      supervised.end();
    }
    Ratios.print("throughput of a worker / bare", ratios);
  }

  /** Of a bare JVM and of the worker at that port. */
  private static double[] pair(int worker, int seconds) throws Exception {
    int port = Supervised.freePort();
    // A session of its own, as every worker is: the scheduler shares the processors between those.
    List<String> command = new ArrayList<>(List.of("setsid"));
    command.addAll(Supervised.jarCommand(Shop.class, Integer.toString(port)));
    Process bare = BareStart.begin(command);
    try {
      BareStart.await(port);
      for (int i = 0; i < WARM_UPS; i++) {
        saturate(port, seconds);
        saturate(worker, seconds);
      }
      double first = saturate(port, seconds);
      double both = saturate(worker, seconds) + saturate(worker, seconds);
      return new double[] {(first + saturate(port, seconds)) / 2, both / 2};
    } finally {
      bare.destroy();
      bare.waitFor();
    }
  }

  /** Answers a second. */
  private static double saturate(int port, int seconds) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try {
      long start = System.nanoTime();
      long end = start + TimeUnit.SECONDS.toNanos(seconds);
      List<Future<Integer>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(threads.submit(new ClosedLoop(port, PATH, end)));
      }
      int answered = 0;
      for (Future<Integer> client : clients) {
        answered += client.get();
      }
      if (answered == 0) {
        throw new IOException("nobody answers on port " + port);
      }
      return answered * 1e9 / (System.nanoTime() - start);
    } finally {
      threads.shutdownNow();
    }
  }
}
