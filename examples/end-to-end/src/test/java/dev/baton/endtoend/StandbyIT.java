package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A worker that waits is there at once when the only one that serves is killed. */
final class StandbyIT {
  private static final int KILLS = Integer.getInteger("baton.kills", 5);
  private static final int PROMOTIONS = Integer.getInteger("baton.restarts", 5);

  @RegisterExtension final Machine machine = new Machine();

  private static void awaitStandby(Supervisor supervisor, int ready) throws Exception {
    Await.until("the next one waits", () -> supervisor.count(" ready: ") == ready);
  }

  @Test
  void clientsOfOneThatIsKilledAreAnsweredByTheNext() throws Exception {
    Application application = Application.of(machine, 2);
    Supervisor supervisor =
        OneService.start(
            machine,
            application.command(),
            1,
            "standby = 1",
            "failure = { budget = 1000, back-off = \"1ms\" }");
    awaitStandby(supervisor, 2);
    Load load = Load.to(application.address()).rate(100).start();

    for (int i = 0; i < KILLS; i++) {
      long serving = supervisor.lastPid("serving");
      Command.signal(serving, "KILL");
      int served = i + 2;
      Await.until("the next serves", () -> supervisor.count(" serving: ") == served);
      assertNotEquals(serving, supervisor.lastPid("serving"));
      awaitStandby(supervisor, i + 3);
    }
    Report report = load.stop();

    System.out.printf(
        "%d kills beside a standby: %d requests, %d lost with a worker, slowest %s%n",
        KILLS, report.started(), report.failed(), report.latencies());
    // Those whose worker was killed while it answered them have lost it; nobody else has.
    assertTrue(report.failed() <= KILLS, report.examples().toString());
    assertTrue(report.examples().stream().noneMatch(one -> one.contains("refused")));
    assertEquals(report.started(), report.succeeded() + report.failed());
    Command status = machine.baton("status");
    assertTrue(status.out().contains("standby"), status.out());
    supervisor.stop();
    assertEquals(0, supervisor.awaitExit());
  }

  @Test
  void restartBringsAStandbyOfTheNewGeneration() throws Exception {
    Application application = Application.of(machine, 1);
    Supervisor supervisor = OneService.start(machine, application.command(), 1, "standby = 1");
    awaitStandby(supervisor, 2);

    Command restart = supervisor.restart();

    assertEquals(0, restart.exit(), restart.err());
    supervisor.await("the new one waits", ".g2/1 pid");
    awaitStandby(supervisor, 4);
    Command audit = machine.baton("audit");
    assertEquals(0, audit.exit(), audit.out());
  }

  @Test
  void whoWaitsIsPromotedAndNobodyNotices() throws Exception {
    Application application = Application.of(machine, 2);
    Supervisor supervisor = OneService.start(machine, application.command(), 1, "standby = 1");
    awaitStandby(supervisor, 2);
    Load load = Load.to(application.address()).rate(100).start();

    for (int i = 0; i < PROMOTIONS; i++) {
      long served = supervisor.lastPid("serving");
      long waited = supervisor.lastPid("ready");
      Command promoted = machine.baton("restart", "--promote");
      assertEquals(0, promoted.exit(), promoted.out() + promoted.err());
      assertEquals(waited, supervisor.lastPid("serving"));
      assertTrue(ProcessHandle.of(served).isEmpty(), "the old one lives");
      awaitStandby(supervisor, i + 3);
    }
    Report report = load.stop();

    System.out.printf("%d promotions: %d requests, all answered%n", PROMOTIONS, report.started());
    report.assertNothingFailed();
    Command audit = machine.baton("audit");
    assertEquals(0, audit.exit(), audit.out());
    supervisor.stop();
    assertEquals(0, supervisor.awaitExit());
  }

  @Test
  void otherCodeIsNeverPromotedOver() throws Exception {
    CodedJar jar = new CodedJar(machine);
    jar.overwriteWith(1);
    Supervisor supervisor = OneService.start(machine, jar.command(), 1, "standby = 1");
    awaitStandby(supervisor, 2);
    long serving = supervisor.lastPid("serving");
    jar.overwriteWith(2);

    Command refused = machine.baton("restart", "--promote");

    assertEquals(1, refused.exit(), refused.out() + refused.err());
    String said = refused.out() + refused.err();
    String why = "its code has changed since generation 1 was launched; restart without --promote";
    assertTrue(said.contains(why), said);
    assertEquals(serving, supervisor.lastPid("serving"));
  }

  @Test
  void nextSupervisorKnowsWhoWaits() throws Exception {
    int port = Machine.freePort();
    Path orders = Files.writeString(machine.folder().resolve("orders"), "");
    Team team = new Team(machine);
    List<String> command = ObedientServer.command(orders, "v1", port);
    team.configure(Team.service("web", command, Team.listen(List.of(port)), "standby = 1"));
    Supervisor first = team.run();
    awaitStates(team, "serving", "ready");
    List<Long> pids = team.look().pids("web");

    first.kill();
    Supervisor second = team.begin();
    awaitStates(team, "serving", "ready");
    assertEquals(pids, team.look().pids("web"));
    Command.signal(pids.get(0), "KILL");

    second.await("who waited serves", " pid " + pids.get(1) + " serving: switched on");
    awaitStates(team, "serving", "ready");
    Load load = Load.to(ObedientServer.at(port)).rate(100).start();
    Await.until("some requests", () -> load.live().started() > 100);
    load.stop().assertNothingFailed();
  }

  private static void awaitStates(Team team, String... states) throws Exception {
    Await.until(String.join(", ", states), () -> team.look().states("web").equals(List.of(states)));
  }
}
