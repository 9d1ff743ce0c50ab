package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Services that need one another, and services that are stopped and started one by one. */
final class StartOrderIT {
  @RegisterExtension final Machine machine = new Machine();

  @Test
  void whatIsNeededStartsFirstAndEndsLast() throws Exception {
    Path orders = Files.writeString(machine.folder().resolve("orders"), "");
    List<Integer> ports = Ports.free(2);
    int web = ports.get(0);
    int db = ports.get(1);
    Team team = new Team(machine);
    team.configure(
        Team.service(
            "web",
            ObedientServer.command(orders, "web", web),
            "after = [\"db\"]",
            Team.listen(List.of(web))),
        Team.service("db", ObedientServer.command(orders, "db", db), Team.listen(List.of(db))));
    Supervisor supervisor = team.run();
    long dbPid = team.look().pid("db");

    Command stop = machine.baton("stop", "web");
    boolean released = Ports.refuses(web);
    Look stopped = team.look();
    Command start = machine.baton("start", "web");
    String answer = Ports.get(web, "/");
    Look started = team.look();
    Command end = machine.baton("stop");

    List<String> log = supervisor.log().lines().toList();
    System.out.printf(
        "stop web %d ms, start web %d ms, stop all %d ms%n",
        stop.millis(), start.millis(), end.millis());
    assertEquals(0, stop.exit(), stop.out() + stop.err());
    assertTrue(released, "its port is free");
    assertEquals("stopped", stopped.phase("web"));
    assertEquals("serving", stopped.phase("db"));
    assertEquals(List.of(), stopped.pids("web"));
    assertEquals(0, start.exit(), start.out() + start.err());
    assertTrue(answer.startsWith("web from pid "), answer);
    assertEquals(List.of(dbPid), started.pids("db"), "the other one is left alone");
    assertEquals(0, end.exit(), end.err());
    assertEquals(0, supervisor.awaitExit());
    assertOrder(log, first(log, "db.g1/0", " serving: "), first(log, "web.g1/0", " starting: "));
    String last = log.stream().filter(line -> line.contains("web.g")).reduce((a, b) -> b).get();
    assertTrue(last.contains(" gone: "), last);
    assertOrder(log, log.lastIndexOf(last), first(log, "db.g1/0", " draining: "));
    assertTrue(Ports.refuses(web) && Ports.refuses(db), "everything is released");
  }

  private static int first(List<String> log, String worker, String state) {
    for (int i = 0; i < log.size(); i++) {
      if (log.get(i).contains(worker) && log.get(i).contains(state)) {
        return i;
      }
    }
    throw new AssertionError("no " + worker + state + "in " + log);
  }

  private static void assertOrder(List<String> log, int earlier, int later) {
    assertTrue(
        earlier < later,
        () -> log.get(earlier) + "\nshould be before\n" + log.get(later) + "\nin " + log);
  }
}
