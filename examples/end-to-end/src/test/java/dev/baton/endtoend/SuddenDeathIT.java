package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers that are killed at the worst moments of a restart. */
final class SuddenDeathIT {
  @RegisterExtension final Machine machine = new Machine();

  @Test
  void newWorkerKilledBetweenGrantAndReadyChangesNothing() throws Exception {
    Application application = Application.of(machine, 2);
    Supervisor supervisor = machine.supervise(Servers.run(List.of(), application.command()));
    long old = supervisor.lastPid("serving");
    Load load = Load.to(application.address()).rate(200).start();
    application.nextVersion("hang-after-bind");

    CompletableFuture<Command> restart = inBackground(supervisor);
    supervisor.await("the new worker attached", ".g2/0 pid ");
    Thread.sleep(300); // it has bound the first of two ports by now; killed earlier is as good
    Command.signal(supervisor.lastPid("booting"), "KILL");
    Command result = restart.get();
    Report report = load.stop();

    assertEquals(1, result.exit(), result.out());
    assertTrue(result.err().contains("killed by SIGKILL"), result.err());
    assertEquals(List.of(), report.examples());
    assertEquals(List.of("hello from pid " + old), List.copyOf(report.answeredBy().keySet()));
  }

  @Test
  void newWorkerKilledBetweenTheTwoSwitchesGivesTheSocketBack() throws Exception {
    Application application = Application.of(machine, 1);
    Supervisor supervisor = machine.supervise(Servers.run(List.of(), application.command()));
    long old = supervisor.lastPid("serving");

    // The old worker is stopped, so it cannot confirm its switch: this moment lasts as we like.
    CompletableFuture<Command> restart = inBackground(supervisor);
    supervisor.await("the new worker attached", ".g2/0 pid ");
    Command.signal(old, "STOP");
    supervisor.await("the old worker is being switched off", "g1/0 pid " + old + " draining");
    Command.signal(supervisor.lastPid("serving"), "KILL");
    supervisor.await("its death is known", "gone: killed by SIGKILL");
    Command.signal(old, "CONT");
    Command result = restart.get();
    supervisor.await("it serves again", "g1/0 pid " + old + " serving: switched on");

    assertEquals(1, result.exit(), result.out());
    Load load = Load.to(application.address()).rate(200).start();
    Await.until("a second of load", () -> load.live().started() > 200);
    Report report = load.stop();
    assertEquals(List.of(), report.examples());
    assertEquals(List.of("hello from pid " + old), List.copyOf(report.answeredBy().keySet()));
  }

  @Test
  void crashOfTheOnlyWorkerRefusesNobody() throws Exception {
    Application application = Application.of(machine, 1);
    Supervisor supervisor = machine.supervise(Servers.run(List.of(), application.command()));
    long old = supervisor.lastPid("serving");

    Command.signal(old, "KILL");
    supervisor.await("its death is known", "gone: killed by SIGKILL");
    Load load = Load.to(application.address()).rate(100).start();
    Await.until("the next serves", () -> supervisor.count(" serving: ") == 2);
    Report report = load.stop();

    assertEquals(List.of(), report.examples());
    assertEquals(report.started(), report.succeeded());
  }

  private static CompletableFuture<Command> inBackground(Supervisor supervisor) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return supervisor.restart();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
