package dev.baton.worker.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The kit, as its users have it. */
final class SupervisorExtensionIT {
  private static final int RESTARTS = 3;

  @RegisterExtension
  final SupervisorExtension supervisor =
      SupervisorExtension.of(TinyServer.class)
          .listener("http")
          .ready("worker")
          .configure("restart.park = \"10m\"");

  @Test
  void noClientNoticesRestarts() throws Exception {
    List<Report> reports = new ArrayList<>();
    Load each = supervisor.load("http").rate(100).start();
    reports.add(supervisor.load("http").keepAlive(10).during(this::restartOften));
    reports.add(each.stop());

    for (Report report : reports) {
      print("restarts", report);
      report.assertNothingFailed();
      assertEquals(RESTARTS + 1, report.answeredBy().size(), report::toString);
    }
  }

  private void restartOften() throws Exception {
    for (int i = 0; i < RESTARTS; i++) {
      Command restart = supervisor.restart();
      assertTrue(restart.output().contains("drained"), () -> "cut off: " + restart);
    }
  }

  @Test
  void noClientNoticesARollback() throws Exception {
    supervisor.restart();

    Report report = supervisor.load("http").keepAlive(10).during(supervisor::rollback);

    print("rollback", report);
    report.assertNothingFailed();
    assertEquals(2, report.answeredBy().size(), report::toString);
  }

  @Test
  void connectionsWaitForTheNextWorkerWhenOneIsKilled() throws Exception {
    supervisor.load("http").during(supervisor::kill);

    supervisor.load("http").during(() -> {}).assertNothingFailed();
  }

  private static void print(String what, Report report) {
    System.out.printf(
        Locale.ROOT,
        "%s: %d requests, %d failed, by %d processes, steady %s, during %s%n",
        what,
        report.started(),
        report.failed(),
        report.answeredBy().size(),
        report.latencies().get("steady"),
        report.latencies().get("during"));
  }

  @Test
  void saysWhatIsWrongInTheTest() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> supervisor.address("admin"));

    assertEquals("no listener 'admin'; add .listener(\"admin\")", e.getMessage());
  }
}
