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
 * One after the other, in rounds.
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
    Service off = new Service("plain", "startup-archive = \"off\"");
    Service auto = new Service("archived", "startup-archive-after = \"2s\"");
    Supervised supervised =
        Supervised.run("name = \"bench\"\n" + off.configuration() + auto.configuration(), 2);
    List<Double> bare = new ArrayList<>();
    try {
      BareStart.ask(off.port);
      BareStart.ask(auto.port);
      supervised.await(MADE);
      for (int i = 0; i < rounds; i++) {
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

  private static final class Service {
    private final String name;
    private final String more;
    private final int port;
    private final List<Double> millis = new ArrayList<>();
    private final List<Double> told = new ArrayList<>();
    private final List<Double> counted = new ArrayList<>();
    private int generation = 1;

    Service(String name, String more) throws IOException {
      this.name = name;
      this.more = more;
      this.port = Supervised.freePort();
    }

    String configuration() throws IOException {
      return String.join(
          "\n",
          "[service." + name + "]",
          "command = " + Supervised.toml(Supervised.jarCommand(Shop.class, Integer.toString(port))),
          "restart.park = \"0s\"",
          more,
          "");
    }

    void report(List<Double> bare) {
      String what = " of " + name + BARE;
      Ratios.print("first answer of the new generation" + what, Ratios.of(millis, bare));
      Ratios.print("from the command until it serves" + what, Ratios.of(told, bare));
      Ratios.print("the same on the supervisor's clock" + what, Ratios.of(counted, bare));
    }

    void restart(Supervised supervised) throws Exception {
      generation++;
      String wanted = "X-Generation: " + generation + "\r\n";
      long start = System.nanoTime();
      Supervised.Command command = supervised.begin("restart", "bench/" + name, "--json");
      // Not by asking all the time: the old generation would be under load meanwhile.
      counted.add(command.awaitServing(generation));
      told.add((System.nanoTime() - start) / 1e6);
      while (!BareStart.ask(port).contains(wanted)) {
        TimeUnit.MILLISECONDS.sleep(1); // for a moment both accept
      }
      millis.add((System.nanoTime() - start) / 1e6);
      command.await();
    }
  }
}
