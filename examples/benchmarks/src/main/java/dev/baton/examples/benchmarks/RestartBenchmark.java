package dev.baton.examples.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How long a restart takes, against the bare start of the same JVM: from the launch of {@code java}
 * to its first answer, and from the launch of {@code baton restart} to the first answer of the new
 * generation; without a startup archive and with one. One after the other, in rounds.
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
    Ratios.print("restart" + BARE, Ratios.of(off.millis, bare));
    Ratios.print("restart with an archive" + BARE, Ratios.of(auto.millis, bare));
    Ratios.print("restart as the supervisor counts" + BARE, Ratios.of(off.counted, bare));
    Ratios.print("the same with an archive" + BARE, Ratios.of(auto.counted, bare));
  }

  private static final class Service {
    private final String name;
    private final String more;
    private final int port;
    private final List<Double> millis = new ArrayList<>();
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

    void restart(Supervised supervised) throws Exception {
      generation++;
      String wanted = "X-Generation: " + generation + "\r\n";
      long start = System.nanoTime();
      Supervised.Command command = supervised.begin("restart", "bench/" + name, "--json");
      while (!BareStart.ask(port).contains(wanted)) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      millis.add((System.nanoTime() - start) / 1e6);
      counted.add(Supervised.servingMillis(command.await(), generation));
    }
  }
}
