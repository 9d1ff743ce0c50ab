package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A benchmark, not a test of time: the same server writes to the log the supervisor holds, and to a
 * file it was given by a shell, in turn. Prints the ratio; asserts only that both write.
 */
final class LogThroughputIT {
  private static final int PAIRS = 2 * Integer.getInteger("baton.restarts", 10);
  private static final int WARM_UP = 5;
  private static final int LINES = 100_000;

  @RegisterExtension final Machine machine = new Machine();

  @Test
  void heldFileIsAsFastAsAnyOther() throws Exception {
    int port = Machine.freePort();
    int other = Machine.freePort();
    OneService.start(machine, Scribe.command(port, 0), 1, "output.max-size = \"0\"");
    Path plain = machine.folder().resolve("plain.log");
    Process bare =
        new ProcessBuilder(Scribe.command(other, 0))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(plain.toFile()))
            .start();
    try {
      InetSocketAddress held = ObedientServer.at(port);
      InetSocketAddress alone = ObedientServer.at(other);
      Await.until("the other listens", () -> isAnswering(alone));
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < WARM_UP + PAIRS; i++) {
        double first = i % 2 == 0 ? nanos(held) : nanos(alone);
        double second = i % 2 == 0 ? nanos(alone) : nanos(held);
        if (i >= WARM_UP) {
          ratios.add(i % 2 == 0 ? first / second : second / first);
        }
      }
      ratios.sort(null);
      System.out.printf(
          Locale.ROOT,
          "stdout into a held file on java %s: %d pairs of %d lines, time against a file of its own:"
              + " median %.3f (quartiles %.3f-%.3f)%n",
          System.getProperty("java.version"),
          PAIRS,
          LINES,
          ratios.get(PAIRS / 2),
          ratios.get(PAIRS / 4),
          ratios.get(PAIRS * 3 / 4));
    } finally {
      bare.destroyForcibly();
      assertTrue(bare.waitFor(10, TimeUnit.SECONDS));
    }
  }

  private static boolean isAnswering(InetSocketAddress server) {
    try {
      LogsIT.get(server, "/");
      return true;
    } catch (java.io.IOException e) {
      return false;
    }
  }

  private static double nanos(InetSocketAddress server) throws Exception {
    return Double.parseDouble(LogsIT.get(server, "/write/" + LINES));
  }
}
