package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Responses that take longer than the restart. */
final class InFlightIT {
  @RegisterExtension final Machine machine = new Machine();

  @Test
  void responsesUnderWayAreCompletedByTheOldWorker() throws Exception {
    Application application = Application.of(machine, 1);
    Supervisor supervisor = machine.supervise(Servers.run(List.of(), application.command()));
    long old = supervisor.lastPid("serving");
    Load slow = Load.to(application.address()).path("/slow").rate(50).start();
    Await.until("many are under way", () -> slow.live().started() > 40);

    Command restart = supervisor.restart();
    Report report = slow.stop();

    assertEquals(0, restart.exit(), restart.err());
    assertEquals(List.of(), report.examples());
    assertTrue(
        report.answeredBy().getOrDefault("hello from pid " + old, 0L) > 40, report.toString());
    assertEquals(2, report.answeredBy().size(), report.toString());
    assertTrue(supervisor.log().contains("stopping: drained"), supervisor.log());
  }

  @Test
  void aConnectionThatNeverEndsIsCutAfterTheLinger() throws Exception {
    Application application = Application.of(machine, 1);
    Supervisor supervisor =
        machine.supervise(Servers.run(List.of("--linger", "1s"), application.command()));
    try (java.net.Socket idle = new java.net.Socket()) {
      idle.connect(application.address());
      idle.getOutputStream()
          .write(
              "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
                  .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      assertEquals('H', idle.getInputStream().read());

      Command restart = supervisor.restart();

      assertEquals(0, restart.exit(), restart.err());
      assertTrue(restart.out().contains("lingered with 1 connections open"), restart.out());
    }
  }
}
