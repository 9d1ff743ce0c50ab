package dev.baton.examples.benchmarks;

import dev.baton.examples.benchmarks.OpenLoop.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How much slower a new generation is than the old one was: the 99th percentile of its first 2,000
 * requests against that of the last 2,000 of the old one before the restart, with and without a
 * warm-up, in pairs on the same machine. Says what it found; whether that is good is for people.
 *
 * <p>Run from a checkout that is built: {@code java -cp examples/benchmarks/target/classes
 * dev.baton.examples.benchmarks.WarmUpBenchmark [PAIRS [RATE]]}.
 */
public final class WarmUpBenchmark {
  private static final int REQUESTS = 2_000;
  private static final List<String> PATHS =
      List.of("/catalogue?page=1", "/catalogue?page=7", "/catalogue.json?page=3");

  private static final Path LOAD = Path.of("/proc/loadavg");

  private final int rate;

  private WarmUpBenchmark(int rate) {
    this.rate = rate;
  }

  public static void main(String[] args) throws Exception {
    int pairs = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    int rate = args.length > 1 ? Integer.parseInt(args[1]) : 100;
    new WarmUpBenchmark(rate).run(pairs);
  }

  /** A service, and what was measured of it. */
  private static final class Subject {
    private final String name;
    private final int port;
    private final List<Double> ratios = new ArrayList<>();
    private int generation;

    Subject(String name) throws Exception {
      this.name = name;
      this.port = Supervised.freePort();
    }

    String configuration(String more) {
      return String.join(
          "\n",
          "[service." + name + "]",
          "command = " + Supervised.command(Shop.class, Integer.toString(port)),
          "stage = false",
          "ready.start-timeout = \"5m\"",
          more,
          "");
    }
  }

  private void run(int pairs) throws Exception {
    Subject cold = new Subject("cold");
    Subject warm = new Subject("warm");
    String warmUp =
        "ready.warm-up = { paths = [\"" + String.join("\", \"", PATHS) + "\"], timeout = \"2m\" }";
    String configuration =
        "name = \"bench\"\n" + cold.configuration("") + warm.configuration(warmUp);
    Supervised supervised = Supervised.run(configuration, 2);
    try {
      System.out.println(
          rate + " requests a second, a connection each; p99 of " + REQUESTS + " requests in ms");
      for (int i = 1; i <= pairs; i++) {
        measure(supervised, cold, i);
        measure(supervised, warm, i);
        System.out.println("   load of the host: " + Files.readString(LOAD).strip());
      }
    } finally {
      supervised.end();
    }
    report("without warm-up", cold.ratios);
    report("with warm-up", warm.ratios);
  }

  private void measure(Supervised supervised, Subject subject, int pair) throws Exception {
    OpenLoop load = new OpenLoop(subject.port, PATHS, rate);
    try {
      // The first generation has to become what an old one is; later ones have been measured.
      int before = (subject.generation == 0 ? 2 : 1) * REQUESTS;
      subject.generation = Math.max(1, subject.generation);
      await(load, subject.generation, before);
      List<Sample> old = load.of(subject.generation);
      int answered = old.size();
      long start = System.nanoTime();
      List<String> said = supervised.baton("restart", "bench/" + subject.name);
      double seconds = (System.nanoTime() - start) / 1e9;
      subject.generation++;
      await(load, subject.generation, REQUESTS);
      double oldP99 = p99(old.subList(answered - REQUESTS, answered));
      List<Sample> during = load.of(subject.generation - 1);
      double duringP99 = p99(during.subList(answered, during.size()));
      double newP99 = p99(load.of(subject.generation).subList(0, REQUESTS));
      subject.ratios.add(newP99 / oldP99);
      System.out.printf(
          Locale.ROOT,
          "%2d %s: old %.1f, old while the new one starts %.1f, new %.1f: ratio %.2f;"
              + " restart %.1f s, %d failed%n",
          pair,
          subject.name,
          oldP99,
          duringP99,
          newP99,
          newP99 / oldP99,
          seconds,
          load.failed());
      said.stream()
          .filter(line -> line.contains("ready ") && line.contains("p99"))
          .forEach(line -> System.out.println("   " + line.strip()));
    } finally {
      load.end();
    }
  }

  private static void await(OpenLoop load, int generation, int requests) throws Exception {
    while (load.of(generation).size() < requests) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static double p99(List<Sample> samples) {
    long[] sorted = samples.stream().mapToLong(Sample::nanos).sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[(int) (sorted.length * 0.99)] / 1e6;
  }

  private static void report(String what, List<Double> ratios) {
    List<Double> sorted = ratios.stream().sorted().toList();
    System.out.printf(
        Locale.ROOT,
        "%-16s p99 of the new generation / p99 of the old: median %.2f, from %.2f to %.2f, of %d%n",
        what,
        sorted.get(sorted.size() / 2),
        sorted.get(0),
        sorted.get(sorted.size() - 1),
        sorted.size());
  }
}
