package dev.baton.examples.benchmarks;

import dev.baton.examples.benchmarks.OpenLoop.Sample;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A {@link Shop} under a supervisor, restarted under load; what its clients saw of it. */
final class LoadedService {
  static final int REQUESTS = 2_000;

  private static final List<String> PATHS =
      List.of("/catalogue?page=1", "/catalogue?page=7", "/catalogue.json?page=3");

  static final String WARM_UP =
      "ready.warm-up = { paths = [\"" + String.join("\", \"", PATHS) + "\"], timeout = \"2m\" }";

  private final String name;
  private final int port;
  private final String more;
  private int generation;

  /**
   * Nothing runs yet.
   *
   * @param more lines of its table
   */
  LoadedService(String name, String... more) throws IOException {
    this.name = name;
    this.port = Supervised.freePort();
    this.more = String.join("\n", more);
  }

  String name() {
    return name;
  }

  String configuration() {
    return String.join(
        "\n",
        "[service." + name + "]",
        "command = " + Supervised.command(Shop.class, Integer.toString(port)),
        "stage = false",
        "ready.start-timeout = \"5m\"",
        more,
        "");
  }

  /**
   * What one restart did to clients: 99th percentiles in milliseconds.
   *
   * @param before of the last requests before it
   * @param old of those the old generation answered while the new one started
   * @param during of all that were due from the command to its end
   * @param fresh of the first that the new generation answered
   * @param seconds from the command to its end
   * @param said the lines of the command about a warm-up
   */
  record Result(
      double before,
      double old,
      double during,
      double fresh,
      double seconds,
      int failed,
      List<String> said) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "before %.1f, old while the new one starts %.1f, new %.1f, all during the restart %.1f;"
              + " restart %.1f s, %d failed",
          before,
          old,
          fresh,
          during,
          seconds,
          failed);
    }
  }

  /** Requests of that many a second, until they are ended. */
  OpenLoop load(int rate) {
    return new OpenLoop(port, PATHS, rate);
  }

  /** Loads it, restarts it, and goes on until the new generation has answered enough. */
  Result restart(Supervised supervised, int rate) throws Exception {
    OpenLoop load = load(rate);
    try {
      // The first generation has to become what an old one is; later ones have been measured.
      int enough = (generation == 0 ? 2 : 1) * REQUESTS;
      generation = Math.max(1, generation);
      await(load, generation, enough);
      List<Sample> before = load.of(generation);
      int answered = before.size();
      long start = System.nanoTime();
      List<String> said = supervised.baton("restart", "bench/" + name);
      long end = System.nanoTime();
      generation++;
      await(load, generation, REQUESTS);
      List<Sample> old = load.of(generation - 1);
      return new Result(
          p99(before.subList(answered - REQUESTS, answered)),
          p99(old.subList(answered, old.size())),
          p99(load.between(start, end)),
          p99(load.of(generation).subList(0, REQUESTS)),
          (end - start) / 1e9,
          load.failed(),
          said.stream().filter(line -> line.contains("ready ") && line.contains("p99")).toList());
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
}
