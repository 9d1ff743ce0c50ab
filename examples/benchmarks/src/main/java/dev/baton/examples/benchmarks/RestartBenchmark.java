package dev.baton.examples.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How long a restart takes, against the bare start of the same JVM: from the launch of {@code java}
 * to its first answer, and from the launch of {@code baton restart} to the first answer of the new
 * generation, asked when the command says that it serves; without a startup archive and with one.
 * One after the other, in rounds, each when the host has come to rest after the one before.
 *
 * <p>Run from a checkout that is built: {@code java -cp examples/benchmarks/target/classes
 * dev.baton.examples.benchmarks.RestartBenchmark [ROUNDS]}.
 */
public final class RestartBenchmark {
  private static final String MADE = "startup archive made";

  private static final String BARE = " / bare start";

  private RestartBenchmark() {}

  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 10;
    int port = Supervised.freePort();
    List<String> bareCommand = Supervised.jarCommand(Shop.class, Integer.toString(port));
    Restarted off = new Restarted("plain", "startup-archive = \"off\"");
    Restarted auto = new Restarted("archived", "startup-archive-after = \"2s\"");
    Supervised supervised =
        Supervised.run(
            "name = \"bench\"\n" + off.service.configuration() + auto.service.configuration(), 2);
    List<Double> bare = new ArrayList<>();
    try {
      BareStart.ask(off.service.port());
      BareStart.ask(auto.service.port());
      supervised.await(MADE);
      for (int i = 0; i < rounds; i++) {
        Processors.awaitRest();
        bare.add(BareStart.millis(bareCommand, port));
        off.restart(supervised);
        auto.restart(supervised);
        System.out.printf(
            Locale.ROOT,
            "%2d: bare %.0f ms, restart %.0f, with an archive %.0f%n",
            i + 1,
            bare.get(i),
            off.millis.get(i),
            auto.millis.get(i));
      }
    } finally {
      supervised.end();
    }
    off.report(bare);
    auto.report(bare);
  }

  private static final class Restarted {
    private final JarService service;
    private final List<Double> millis = new ArrayList<>();
    private final List<Double> told = new ArrayList<>();
    private final List<Double> counted = new ArrayList<>();
    private int generation = 1;

    Restarted(String name, String more) throws IOException {
      this.service = JarService.of(name, more);
    }

    void report(List<Double> bare) {
      String what = " of " + service.name() + BARE;
      Ratios.print("first answer of the new generation" + what, Ratios.of(millis, bare));
      Ratios.print("from the command until it serves" + what, Ratios.of(told, bare));
      Ratios.print("the same on the supervisor's clock" + what, Ratios.of(counted, bare));
    }

    void restart(Supervised supervised) throws Exception {
      Processors.awaitRest();
      generation++;
      String wanted = "X-Generation: " + generation + "\r\n";
      long start = System.nanoTime();
      Supervised.Command command = supervised.begin("restart", "bench/" + service.name(), "--json");
      // Not by asking all the time: the old generation would be under load meanwhile.
      counted.add(command.awaitServing(generation));
      told.add((System.nanoTime() - start) / 1e6);
      while (!BareStart.ask(service.port()).contains(wanted)) {
        TimeUnit.MILLISECONDS.sleep(1); // for a moment both accept
      }
      millis.add((System.nanoTime() - start) / 1e6);
      command.await();
    }
  }
}
