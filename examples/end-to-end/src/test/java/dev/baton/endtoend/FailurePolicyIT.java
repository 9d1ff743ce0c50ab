package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Failure;
import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers that die, hang or fall ill: what becomes of their service, and of its siblings. */
final class FailurePolicyIT {
  private static final int BUDGET = 3;

  @RegisterExtension final Machine machine = new Machine();

  @Test
  void serviceThatDiesAgainAndAgainFailsAloneAndIsResetAfterRepair() throws Exception {
    Path orders = orders("sick-orders", "exit 7");
    Path goodOrders = orders("good-orders", "");
    List<Integer> ports = Ports.free(2);
    Team team = new Team(machine);
    team.configure(
        Team.service(
            "good",
            ObedientServer.command(goodOrders, "good", ports.get(0)),
            Team.listen(List.of(ports.get(0)))),
        Team.service(
            "bad",
            ObedientServer.command(orders, "bad", ports.get(1)),
            Team.listen(List.of(ports.get(1))),
            "failure = { back-off = \"100ms\", longest-back-off = \"400ms\", budget = 3 }"));
    Supervisor supervisor = team.begin();
    Await.until("the sibling serves", () -> team.look().phase("good").equals("serving"));
    long good = team.look().pid("good");
    Load load = Load.to(ObedientServer.at(ports.get(0))).start();

    Await.until("it is given up", () -> team.look().phase("bad").equals("failed"));
    Look failed = team.look();
    Command status = machine.baton("status");
    int attempts = supervisor.count(" starting: started") - 1;
    Files.writeString(orders, "");
    Command reset = machine.baton("reset", "bad");
    String answer = Ports.get(ports.get(1), "/");
    Report report = load.stop();

    System.out.printf(
        "failed after %d attempts: '%s'; reset took %d ms; sibling: %d requests, %d failed%n",
        attempts, failed.reason("bad"), reset.millis(), report.started(), report.failed());
    assertEquals(BUDGET + 1, attempts, supervisor.log());
    assertEquals(
        "bad.g1/0#4 exited with status 7 before it served, the last of 4 failures",
        failed.reason("bad"));
    assertTrue(status.out().contains("bad: failed, generation 1: bad.g1/0#4 exited"), status.out());
    assertEquals("serving", failed.phase("good"));
    assertEquals(0, reset.exit(), reset.out() + reset.err());
    assertTrue(answer.startsWith("bad from pid "), answer);
    assertEquals(Set.of("serving"), team.look().phases());
    assertEquals(List.of(), report.examples());
    assertEquals(List.of("good from pid " + good), List.copyOf(report.answeredBy().keySet()));
  }

  @Test
  void workerThatIsKilledIsReplacedWhileTheOtherServes() throws Exception {
    int port = Machine.freePort();
    Team team = two(port, orders("orders", ""));
    Supervisor supervisor = team.run();
    long victim = team.look().pid("web");
    Load load = Load.to(ObedientServer.at(port)).start();

    assertTrue(ProcessHandle.of(victim).orElseThrow().destroyForcibly());
    supervisor.await("its death is known", "pid " + victim + " gone: ");
    awaitTwoWithout(team, victim);
    Report report = load.stop();

    System.out.printf(
        "one of two killed: %d requests, %d failed %s%n",
        report.started(), report.failed(), report.failures());
    // A connection that the dead had accepted dies with it; nobody else may notice.
    Set<Failure> cutOff = EnumSet.of(Failure.RESET, Failure.CUT);
    assertTrue(cutOff.containsAll(report.failures().keySet()), report.examples().toString());
    assertEquals(report.started(), report.succeeded() + report.failed());
    assertTrue(report.failed() <= 2, report.examples().toString());
  }

  @Test
  void workerThatIsStoppedIsReplacedReadyFirstAndKilledInTheEnd() throws Exception {
    int port = Machine.freePort();
    Team team =
        two(port, orders("orders", ""), "stop.timeout = \"1s\"", "failure.watchdog = \"3s\"");
    Supervisor supervisor = team.run();
    List<Long> before = team.look().pids("web");
    long victim = before.get(0);

    // Idle when it is stopped: what it had accepted would have to wait for its end.
    Command.signal(victim, "STOP");
    Await.until("every thread has stopped", () -> isStopped(victim));
    long start = System.nanoTime();
    Load load = Load.to(ObedientServer.at(port)).start();
    awaitTwoWithout(team, victim);
    supervisor.await("it is gone in the end", "pid " + victim + " gone: ");
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    Report report = load.stop();

    System.out.printf(
        "SIGSTOP, watchdog 3 s: replaced and gone after %d ms; %d requests, %d failed%n",
        millis, report.started(), report.failed());
    assertEquals(List.of(), report.examples());
    assertFalse(ProcessHandle.of(victim).isPresent(), "nothing is left of it");
    assertEquals(before.get(1), team.look().pids("web").get(1), "the other one stays");
    assertReadyFirst(supervisor, victim);
    assertEquals(Set.of("serving"), team.look().phases());
  }

  @Test
  void workerThatFallsIllWhileItServesIsReplacedReadyFirst() throws Exception {
    Path orders = orders("orders", "");
    int port = Machine.freePort();
    Team team =
        two(port, orders, "ready = { probe = \"http:/health\", every = \"1s\", failures = 2 }");
    Supervisor supervisor = team.run();
    long victim = team.look().pid("web");
    Load load = Load.to(ObedientServer.at(port)).start();

    Files.writeString(orders, "sick " + victim);
    long start = System.nanoTime();
    awaitTwoWithout(team, victim);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    Report report = load.stop();

    System.out.printf(
        "/health turned to 503: replaced after %d ms; %d requests, %d failed%n",
        millis, report.started(), report.failed());
    assertEquals(List.of(), report.examples());
    assertEquals(report.started(), report.succeeded());
    assertReadyFirst(supervisor, victim);
  }

  /** The log has the replacement serving before the one it replaces is told to go. */
  private static void assertReadyFirst(Supervisor supervisor, long victim) throws IOException {
    List<String> log = supervisor.log().lines().toList();
    int leaves = index(log, "pid " + victim + " draining: ");
    int serving = lastServing(log);
    assertTrue(serving < leaves, supervisor.log());
    assertTrue(log.get(serving).contains("web.g1/0"), log.get(serving));
  }

  private static int index(List<String> log, String text) {
    for (int i = 0; i < log.size(); i++) {
      if (log.get(i).contains(text)) {
        return i;
      }
    }
    throw new AssertionError("no '" + text + "' in " + log);
  }

  private static int lastServing(List<String> log) {
    int last = -1;
    for (int i = 0; i < log.size(); i++) {
      last = log.get(i).contains(" serving: ") ? i : last;
    }
    return last;
  }

  private static void awaitTwoWithout(Team team, long victim) throws Exception {
    Await.until(
        "two serve again",
        () -> {
          Look look = team.look();
          return look.states("web").equals(List.of("serving", "serving"))
              && !look.pids("web").contains(victim);
        });
  }

  private Team two(int port, Path orders, String... more) throws IOException {
    return new Team(machine)
        .configure(
            Team.service(
                "web",
                ObedientServer.command(orders, "web", port),
                "workers = 2",
                Team.listen(List.of(port)),
                String.join("\n", more)));
  }

  private Path orders(String name, String order) throws IOException {
    return Files.writeString(machine.folder().resolve(name), order);
  }

  /** The signal is on its way when {@code kill} returns: a busy thread may still accept. */
  private static boolean isStopped(long pid) throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads.toList()) {
        String stat = Files.readString(thread.resolve("stat"));
        if (!stat.substring(stat.lastIndexOf(')') + 2).startsWith("T")) {
          return false;
        }
      }
      return true;
    }
  }
}
