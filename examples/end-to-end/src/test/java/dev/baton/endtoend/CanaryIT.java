package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One slot goes first, and is watched. */
final class CanaryIT {
  private static final int WORKERS = 3;
  private static final int RATE = 200;

  @RegisterExtension final Machine machine = new Machine();

  @Test
  void canaryThatDoesWellIsFollowedByTheRest() throws Exception {
    Application application = Application.of(machine, 1);
    start(application, "1s");
    Load load = Load.to(application.address()).rate(RATE).start();

    Command restart = machine.baton("restart", "--json");
    Report report = load.stop();

    assertEquals(0, restart.exit(), restart.out());
    Course course = Course.of(restart);
    assertEquals(WORKERS, course.switchedOn().size(), restart.out());
    assertTrue(course.millisFromFirstToSecondSwitchedOn() >= 1000, restart.out());
    print("did well", report);
    assertNoClientNoticed(report);
  }

  @Test
  void canaryThatIsKilledInItsSoakIsUndone() throws Exception {
    Application application = Application.of(machine, 1);
    Supervisor supervisor = start(application, "1m");
    Load before = Load.to(application.address()).rate(RATE).start();
    FutureTask<Command> command = machine.begin("restart", "--json");
    supervisor.await("who served before is kept", "kept for a roll-back");
    ProcessHandle canary = ProcessHandle.of(supervisor.lastPid("serving")).orElseThrow();
    Await.until("it has clients", () -> hasAnswered(before.live(), canary.pid()));

    // What a killed process has accepted is lost, whoever supervises it: it has nothing now.
    Report first = before.stop();
    canary.destroyForcibly();
    canary.onExit().get(1, TimeUnit.MINUTES);
    Load after = Load.to(application.address()).rate(RATE).start();
    Command restart = command.get(1, TimeUnit.MINUTES);
    Await.until("all slots answer", () -> after.live().answeredBy().size() == WORKERS);
    Report second = after.stop();

    assertEquals(1, restart.exit(), restart.out());
    assertTrue(
        restart.out().contains("killed by SIGKILL while it served in its soak"), restart.out());
    assertUndone(restart);
    print("killed, before", first);
    print("killed, after", second);
    assertNoClientNoticed(first);
    assertNoClientNoticed(second);
    assertFalse(hasAnswered(second, canary.pid()));
  }

  @Test
  void canaryThatTurnsSickIsUndone() throws Exception {
    Command restart = undone("sick-soon", "restart.compare-probes = true");

    assertTrue(restart.out().contains("/health answered 503 in its soak"), restart.out());
  }

  @Test
  void canaryThatComplainsIsUndone() throws Exception {
    Command restart = undone("complain", "restart.compare-log = \"ERROR\"");

    assertTrue(restart.out().contains("wrote: ERROR no price for item 7"), restart.out());
  }

  /** Restarts into a version that does what is ordered, under load all the time. */
  private Command undone(String order, String compare) throws Exception {
    Application application = Application.of(machine, 1);
    start(application, "1m", compare);
    Load load = Load.to(application.address()).rate(RATE).start();
    application.nextVersion(order);

    Command restart = machine.baton("restart", "--json");
    Report report = load.stop();

    assertEquals(1, restart.exit(), restart.out());
    assertUndone(restart);
    print(order, report);
    assertNoClientNoticed(report);
    return restart;
  }

  private Supervisor start(Application application, String soak, String... more) throws Exception {
    String[] keys = {
      "ready.probe = \"http:/health\"",
      "restart.strategy = \"canary\"",
      "restart.soak = \"" + soak + '"',
      more.length == 0 ? "" : more[0]
    };
    return OneService.start(machine, application.command(), WORKERS, keys);
  }

  /** By who served before: nobody was launched but the canary. */
  private void assertUndone(Command restart) throws Exception {
    assertTrue(restart.out().contains("returned to generation 1"), restart.out());
    assertEquals(1, Course.of(restart).launched(), restart.out());
    String status = machine.baton("status").out();
    for (int slot = 0; slot < WORKERS; slot++) {
      assertTrue(status.contains("web.g1/" + slot), status);
    }
    assertFalse(status.contains("web.g2/"), status);
  }

  private static boolean hasAnswered(Report report, long pid) {
    return report.answeredBy().containsKey("hello from pid " + pid);
  }

  private static void assertNoClientNoticed(Report report) {
    assertEquals(List.of(), report.examples());
    assertEquals(report.started(), report.succeeded());
  }

  private static void print(String what, Report report) {
    System.out.printf(
        Locale.ROOT,
        "canary, %s: %d requests, %d failed, by %d processes%n",
        what,
        report.started(),
        report.failed(),
        report.answeredBy().size());
  }
}
