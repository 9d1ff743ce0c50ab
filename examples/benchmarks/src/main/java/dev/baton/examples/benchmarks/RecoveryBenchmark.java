package dev.baton.examples.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How long clients wait when the only worker is killed: from {@code kill -9} to the next answer,
 * without a standby and with one, against the bare start of the same JVM. A client connects as soon
 * as the worker is dead, and must not be refused. One after the other, in rounds.
 *
 * <p>Run from a checkout that is built: {@code java -cp examples/benchmarks/target/classes
 * dev.baton.examples.benchmarks.RecoveryBenchmark [ROUNDS]}.
 */
public final class RecoveryBenchmark {
  private static final long LOOK_AGAIN_MILLIS = 100;

  private static final String BARE = " / bare start";

  private RecoveryBenchmark() {}

  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 10;
    int port = Supervised.freePort();
    List<String> bareCommand = Supervised.jarCommand(Shop.class, Integer.toString(port));
    Killed alone = new Killed("alone", "startup-archive = \"off\"");
    Killed archived = new Killed("archived", "startup-archive-after = \"2s\"");
    Killed pair = new Killed("pair", "standby = 1\n" + LoadedService.WARM_UP);
    Supervised supervised =
        Supervised.run(
            "name = \"bench\"\n"
                + alone.service.configuration()
                + archived.service.configuration()
                + pair.service.configuration(),
            3);
    List<Double> bare = new ArrayList<>();
    try {
      BareStart.ask(archived.service.port());
      supervised.await("startup archive made");
      for (int i = 0; i < rounds; i++) {
        while (supervised.pid("pair", "ready") == 0) {
          TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        }
        bare.add(BareStart.millis(bareCommand, port));
        alone.recover(supervised);
        archived.recover(supervised);
        pair.recover(supervised);
        System.out.printf(
            Locale.ROOT,
            "%2d: bare %.0f ms, killed %.0f, with an archive %.0f, with a standby %.0f%n",
            i + 1,
            bare.get(i),
            alone.millis.get(i),
            archived.millis.get(i),
            pair.millis.get(i));
      }
    } finally {
      supervised.end();
    }
    Ratios.print("recovery" + BARE, Ratios.of(alone.millis, bare));
    Ratios.print("recovery with an archive" + BARE, Ratios.of(archived.millis, bare));
    Ratios.print("recovery with a standby" + BARE, Ratios.of(pair.millis, bare));
  }

  private static final class Killed {
    private final JarService service;
    private final List<Double> millis = new ArrayList<>();

    Killed(String name, String more) throws IOException {
      // So often a minute nobody crashes.
      this.service = JarService.of(name, "failure = { budget = 1000, back-off = \"1ms\" }", more);
    }

    void recover(Supervised supervised) throws Exception {
      long pid = supervised.pid(service.name(), "serving");
      ProcessHandle worker = ProcessHandle.of(pid).orElseThrow();
      long start = System.nanoTime();
      worker.destroyForcibly();
      while (worker.isAlive()) { // onExit looks at a process that is no child every 300 ms
        TimeUnit.MILLISECONDS.sleep(1);
      }
      if (!BareStart.ask(service.port()).startsWith("HTTP/1.1 200")) {
        throw new IOException("a client of " + service.name() + " was refused");
      }
      millis.add((System.nanoTime() - start) / 1e6);
    }
  }
}
