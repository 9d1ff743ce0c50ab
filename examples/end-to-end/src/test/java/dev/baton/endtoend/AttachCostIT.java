package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Benchmarks, not tests of time. The same server started bare and as a worker, in turn: how much
 * later the worker listens. And how long an application that does nothing else waits for its first
 * listener. Asserts only that all listen.
 */
final class AttachCostIT {
  private static final int PAIRS = Integer.getInteger("baton.restarts", 10);
  private static final Pattern STARTS = Pattern.compile("([\\d.]+) (ms|s) +\\S+ +starting");
  private static final Pattern LISTENS = Pattern.compile("([\\d.]+) (ms|s) +\\S+ +warming");

  private static final Pattern AFTER = Pattern.compile("after ([\\d.]+) ms");

  @RegisterExtension final Machine machine = new Machine();

  @Test
  void attachingCostsAFractionOfAStart() throws Exception {
    Application application = Application.of(machine, 1);
    Supervisor supervisor = machine.supervise(Servers.run(List.of(), application.command()));
    supervisor.restart();
    List<Double> bare = new ArrayList<>();
    List<Double> worker = new ArrayList<>();

    Application alone = Application.of(machine, 1);
    for (int i = 0; i < PAIRS; i++) {
      bare.add(bareMillis(alone.command()));
      worker.add(workerMillis(supervisor));
    }

    bare.sort(null);
    worker.sort(null);
    System.out.printf(
        "attach cost on java %s, %d pairs, ms until it listens:"
            + " bare %.0f (%.0f-%.0f), as worker %.0f (%.0f-%.0f), difference of medians %.0f%n",
        System.getProperty("java.version"),
        PAIRS,
        median(bare),
        bare.get(0),
        bare.get(PAIRS - 1),
        median(worker),
        worker.get(0),
        worker.get(PAIRS - 1),
        median(worker) - median(bare));
  }

  @Test
  void firstListenerIsThereSoon() throws Exception {
    String listener = "listener.http.address = \"127.0.0.1:" + Machine.freePort() + "\"";
    Supervisor supervisor =
        OneService.start(machine, Prompt.command(), 1, "ready.probe = \"worker\"", listener);
    for (int i = 0; i < PAIRS; i++) {
      supervisor.restart();
    }

    Matcher after = AFTER.matcher(supervisor.output());
    List<Double> millis = new ArrayList<>();
    while (after.find()) {
      millis.add(Double.parseDouble(after.group(1)));
    }

    assertEquals(1 + PAIRS, millis.size(), supervisor.everything());
    double first = millis.remove(0);
    millis.sort(null);
    System.out.printf(
        "attach() to the first listener on java %s, %d restarts, ms: %.0f (%.0f-%.0f), with a"
            + " supervisor that has just started %.0f%n",
        System.getProperty("java.version"),
        PAIRS,
        median(millis),
        millis.get(0),
        millis.get(PAIRS - 1),
        first);
  }

  private static double bareMillis(List<String> command) throws Exception {
    long start = System.nanoTime();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      assertEquals("listening", out.readLine());
      return (System.nanoTime() - start) / 1e6;
    } finally {
      process.destroyForcibly();
      assertTrue(process.waitFor(10, TimeUnit.SECONDS));
    }
  }

  /** From its launch, as for the other: before, its artifact is copied. */
  private static double workerMillis(Supervisor supervisor) throws Exception {
    Command restart = supervisor.restart();
    return millis(LISTENS, restart) - millis(STARTS, restart);
  }

  private static double millis(Pattern line, Command restart) {
    Matcher found = line.matcher(restart.out());
    assertTrue(found.find(), restart.out());
    return Double.parseDouble(found.group(1)) * (found.group(2).equals("s") ? 1000 : 1);
  }

  private static double median(List<Double> sorted) {
    return sorted.get(sorted.size() / 2);
  }
}
