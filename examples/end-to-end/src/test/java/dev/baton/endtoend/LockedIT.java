package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Applications of which no two can work side by side: clients wait, and none is turned away. */
final class LockedIT {
  private static final int RESTARTS = Math.max(2, Integer.getInteger("baton.restarts", 10) / 5);
  private static final int RATE = 100;
  private static final Pattern WAITED =
      Pattern.compile("new connections waited (\\d[\\d.]* (?:ms|s))");

  @RegisterExtension final Machine machine = new Machine();

  @Test
  void databaseThatIsLockedAtBootNeedsExclusive() throws Exception {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Machine.freePort());
    List<String> command =
        Servers.command(
            "H2Server",
            "127.0.0.1:" + address.getPort(),
            machine.folder().resolve("database").toString());
    Supervisor supervisor = OneService.start(machine, command, 1);
    long first = supervisor.lastPid("serving");
    Load load = patient(address);

    Command rolling = machine.baton("restart");

    assertEquals(1, rolling.exit(), rolling.out() + rolling.err());
    assertTrue(rolling.err().contains("The file is locked"), rolling.err());
    assertEquals(first, supervisor.lastPid("serving"), "the old one serves on");
    assertEquals(List.of(), load.live().examples());
    restart(load, "exclusive", "an H2 database");
  }

  @Test
  void lockThatIsTakenWithTheFirstClientNeedsHandover() throws Exception {
    Application application = Application.of(machine, 1);
    application.nextVersion("lock");
    OneService.start(machine, application.command(), 1);
    Load load = patient(application.address());

    restart(load, "handover", "a file lock");
  }

  private void restart(Load load, String strategy, String what) throws Exception {
    StringBuilder waited = new StringBuilder();
    for (int i = 0; i < RESTARTS; i++) {
      Command restart = machine.baton("restart", "--strategy", strategy);
      assertEquals(0, restart.exit(), restart.out() + restart.err());
      Matcher told = WAITED.matcher(restart.out());
      assertTrue(told.find(), restart.out());
      waited.append(i == 0 ? "" : ", ").append(told.group(1));
    }
    long answered = load.live().succeeded();
    Await.until("the last one has answered", () -> load.live().succeeded() > answered);
    Report report = load.stop();

    System.out.printf(
        Locale.ROOT,
        "%s for %s: %d restarts, clients waited %s; %d requests, %d failed, by %d processes, %s%n",
        strategy,
        what,
        RESTARTS,
        waited,
        report.started(),
        report.failed(),
        report.answeredBy().size(),
        report.latencies().get("steady"));
    assertEquals(List.of(), report.examples());
    assertEquals(report.started(), report.succeeded());
    assertEquals(RESTARTS + 1, report.answeredBy().size(), report.toString());
  }

  /** Of clients that are willing to wait. */
  private static Load patient(InetSocketAddress address) throws Exception {
    return Load.to(address).rate(RATE).timeout(Duration.ofMinutes(1)).start();
  }
}
