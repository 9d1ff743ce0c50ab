package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Gates in a file hold a worker back, each until it passes. */
final class GatesIT {
  private static final int TRIES = 3;

  @RegisterExtension final Machine machine = new Machine();

  @Test
  void workerWaitsForItsLogLineAndThenForACommand() throws Exception {
    Path announce = machine.folder().resolve("announce");
    Path open = machine.folder().resolve("open");
    Path tries = machine.folder().resolve("tries");
    Path orders = Files.writeString(machine.folder().resolve("orders"), "announce " + announce);
    int port = Machine.freePort();
    String script = "echo \"$BATON_WORKER $BATON_FACES\" >> " + tries + "; test -e " + open;
    Team team = new Team(machine);
    team.configure(
        Team.service(
            "web",
            ObedientServer.command(orders, "web", port),
            Team.listen(List.of(port)),
            "[[service.web.ready.gate]]",
            "type = \"log\"",
            "pattern = \"^open for business$\"",
            "[[service.web.ready.gate]]",
            "type = \"exec\"",
            "command = " + Team.array(List.of("sh", "-c", script))));
    Supervisor supervisor = team.begin();
    Await.until("it is tried", () -> team.look().states("web").equals(List.of("warming")));
    Load load = Load.to(ObedientServer.at(port)).rate(20).start(); // they wait in the backlog

    Await.until("clients wait", () -> load.live().started() >= 10);
    boolean commandWasRun = Files.exists(tries);
    Files.writeString(announce, "");
    Await.until("the log gate is passed", () -> Files.exists(tries) && lines(tries) >= TRIES);
    List<String> heldBack = team.look().states("web");
    long answeredEarly = load.live().succeeded();
    Files.writeString(open, "");
    team.awaitServing();
    long answered = load.live().started();
    Await.until("the clients are answered", () -> load.live().succeeded() >= answered);
    Report report = load.stop();

    System.out.printf(
        "gates: %d tries of the command, '%s'; %d requests, %d failed, %s%n",
        lines(tries),
        Files.readAllLines(tries).get(0),
        report.started(),
        report.failed(),
        report.latencies().get("steady"));
    assertFalse(commandWasRun, "the second gate is not tried before the first passes");
    assertEquals(List.of("warming"), heldBack);
    assertEquals(0, answeredEarly, "no client before all gates are passed");
    assertEquals(0, supervisor.output().lines().filter(line -> line.contains("Exception")).count());
    String first = Files.readAllLines(tries).get(0);
    String face = "web.g1/0 tcp:127.0.0.1:" + port + " ";
    assertTrue(first.startsWith(face) && !first.endsWith(":" + port), first);
    assertEquals(List.of(), report.examples());
    assertEquals(Set.of("serving"), team.look().phases());
  }

  private static int lines(Path file) throws Exception {
    return Files.readAllLines(file).size();
  }
}
