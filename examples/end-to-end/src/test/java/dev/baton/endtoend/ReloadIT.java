package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A reload touches what the file changes, and nothing at all when it cannot have everything. */
final class ReloadIT {
  private static final int RATE = 100;
  private static final int TURNS = 10;

  @RegisterExtension final Machine machine = new Machine();

  @Test
  void touchesExactlyWhatTheFileChanges() throws Exception {
    Path orders = orders();
    List<Integer> ports = Ports.free(5);
    int kept = ports.get(0);
    int removed = ports.get(1);
    int added = ports.get(2);
    int api = ports.get(3);
    int still = ports.get(4);
    String alone = Team.service("still", ObedientServer.command(orders, "still", still), on(still));
    Team team = new Team(machine);
    team.configure(
        Team.service(
            "edge", ObedientServer.command(orders, "edge", kept, removed), on(kept, removed)),
        Team.service("api", ObedientServer.command(orders, "v1", api), on(api)),
        alone);
    Supervisor supervisor = team.run();
    Look before = team.look();
    Set<String> sockets = team.listening();
    List<Load> loads =
        List.of(load(kept), load(api), load(still)); // in the order of the reports below
    HalfRequest open =
        HalfRequest.to(ObedientServer.at(still), "still from pid " + before.pid("still"));

    team.configure(
        Team.service("edge", ObedientServer.command(orders, "edge", kept, added), on(kept, added)),
        Team.service("api", ObedientServer.command(orders, "v2", api), on(api)),
        alone);
    Command plan = machine.baton("reload", "--dry-run");
    boolean untouched = team.look().allPids().equals(before.allPids()) && Ports.refuses(added);
    Set<String> planned = team.listening();
    Command reload = machine.baton("reload");
    Look after = team.look();
    String answer = open.finish();
    open.close();
    Report edgeReport = loads.get(0).stop();
    Report apiReport = loads.get(1).stop();
    Report stillReport = loads.get(2).stop();

    System.out.printf(
        "reload: %d requests to what changes and %d to what stays, %d and %d failed; took %d ms%n",
        edgeReport.started() + apiReport.started(),
        stillReport.started(),
        edgeReport.failed() + apiReport.failed(),
        stillReport.failed(),
        reload.millis());
    assertEquals(0, plan.exit(), plan.err());
    assertPlan(plan.out(), added, removed);
    assertTrue(untouched, "a dry run changes nothing");
    assertEquals(sockets, planned);
    assertEquals(0, reload.exit(), reload.out() + reload.err());
    assertPlan(reload.out(), added, removed);
    assertEquals(before.pids("still"), after.pids("still"));
    assertEquals("1", after.service("still").text("generation"));
    assertEquals(0, supervisor.count("still.g2"), supervisor.log());
    assertTrue(answer.endsWith("still from pid " + before.pid("still")), answer);
    assertNotEquals(before.pids("api"), after.pids("api"));
    assertTrue(Ports.get(api, "/").startsWith("v2 "));
    assertTrue(Ports.refuses(removed), "the removed listener is closed");
    assertTrue(Ports.get(added, "/").startsWith("edge "), "the added one is served");
    assertEquals(
        Set.of("tcp:127.0.0.1:" + kept, "tcp:127.0.0.1:" + added), after.addresses("edge"));
    for (Report report : List.of(edgeReport, apiReport, stillReport)) {
      assertEquals(List.of(), report.examples());
      assertEquals(report.started(), report.succeeded());
    }
    assertEquals(
        List.of("still from pid " + before.pid("still")),
        List.copyOf(stillReport.answeredBy().keySet()));
  }

  @Test
  void takenPortChangesNothingAtAll() throws Exception {
    Path orders = orders();
    List<Integer> ports = Ports.free(4);
    Team team = new Team(machine);
    String first = on(ports.get(0));
    team.configure(
        Team.service("edge", ObedientServer.command(orders, "v1", ports.get(0)), first),
        Team.service(
            "gone", ObedientServer.command(orders, "gone", ports.get(1)), on(ports.get(1))));
    Supervisor supervisor = team.run();
    String status = team.steadyJson();
    Set<String> sockets = team.listening();
    long lines = supervisor.log().lines().count();
    Load load = load(ports.get(0));

    Command reload;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int other = taken.getLocalPort();
      team.configure( // a new service is free to start, a port is taken, a service goes
          Team.service(
              "new", ObedientServer.command(orders, "new", ports.get(2)), on(ports.get(2))),
          Team.service(
              "edge",
              ObedientServer.command(orders, "v2", ports.get(0), other),
              on(ports.get(0), other)));
      reload = machine.baton("reload");
    }
    String statusAfter = team.steadyJson();
    Set<String> socketsAfter = team.listening();
    boolean opened = !Ports.refuses(ports.get(2));
    Report report = load.stop();

    System.out.printf(
        "reload with a taken port: exit %d, '%s'; %d requests, %d failed; %d sockets as before%n",
        reload.exit(), reload.err().strip(), report.started(), report.failed(), sockets.size());
    assertEquals(1, reload.exit(), reload.out() + reload.err());
    assertEquals(1, reload.err().lines().count(), reload.err());
    assertTrue(reload.err().contains("another process has it"), reload.err());
    assertTrue(reload.err().contains("nothing was changed"), reload.err());
    assertEquals(status, statusAfter);
    assertEquals(sockets, socketsAfter);
    assertFalse(opened, "nothing of the refused file listens");
    assertEquals(lines, supervisor.log().lines().count(), supervisor.log());
    assertEquals(List.of(), report.examples());
    assertEquals(1, report.answeredBy().size(), report.toString());
  }

  @Test
  void everyGoodReloadWorksWhateverBadOnesCameBetween() throws Exception {
    Path orders = orders();
    List<Integer> ports = Ports.free(2);
    Team team = new Team(machine);
    good(team, orders, ports, 0);
    team.run();
    bad(team, orders, ports, 0); // the first of each kind loads classes and opens jars
    machine.baton("reload");
    good(team, orders, ports, 1);
    assertEquals(0, machine.baton("reload").exit());
    long still = team.look().pid("still");
    List<String> descriptors = team.restingDescriptors();
    Load changing = load(ports.get(0));
    Load staying = load(ports.get(1));

    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (int turn = 0; turn < TURNS; turn++) {
        String before = team.steadyJson();
        bad(team, orders, List.of(ports.get(0), ports.get(1), taken.getLocalPort()), turn);
        Command bad = machine.baton("reload");
        assertNotEquals(0, bad.exit(), "turn " + turn + ": " + bad.out());
        assertTrue(bad.err().contains("nothing was changed"), turn + ": " + bad.err());
        assertEquals(before, team.steadyJson(), "after bad turn " + turn);

        good(team, orders, ports, turn + 2);
        Command good = machine.baton("reload");
        assertEquals(0, good.exit(), good.out() + good.err());
        assertTrue(Ports.get(ports.get(0), "/").startsWith("v" + (turn + 2) + " "));
      }
    }
    Report changed = changing.stop();
    Report stayed = staying.stop();

    List<String> descriptorsAfter = team.restingDescriptors();
    System.out.printf(
        "%d bad and %d good reloads: %d + %d requests, %d + %d failed, %d descriptors, then %d%n",
        TURNS,
        TURNS,
        changed.started(),
        stayed.started(),
        changed.failed(),
        stayed.failed(),
        descriptors.size(),
        descriptorsAfter.size());
    assertEquals(
        descriptors.size(),
        descriptorsAfter.size(),
        () -> String.join("\n", descriptors) + "\nthen\n" + String.join("\n", descriptorsAfter));
    assertEquals(List.of(), changed.examples());
    assertEquals(List.of(), stayed.examples());
    assertEquals(List.of("still from pid " + still), List.copyOf(stayed.answeredBy().keySet()));
    assertEquals(TURNS + 1, changed.answeredBy().size(), changed.toString());
  }

  private static void good(Team team, Path orders, List<Integer> ports, int version)
      throws IOException {
    team.configure(
        Team.service(
            "web", ObedientServer.command(orders, "v" + version, ports.get(0)), on(ports.get(0))),
        still(orders, ports));
  }

  private static String still(Path orders, List<Integer> ports) {
    return Team.service(
        "still", ObedientServer.command(orders, "still", ports.get(1)), on(ports.get(1)));
  }

  /** One thing is wrong, and something else in the file would change: the answer is no. */
  private static void bad(Team team, Path orders, List<Integer> ports, int kind)
      throws IOException {
    List<String> command = ObedientServer.command(orders, "bad" + kind, ports.get(0));
    String on = on(ports.get(0));
    String web =
        switch (kind) {
          case 0 -> Team.service("web", command, on, "directory = [");
          case 1 -> Team.service("web", command, on, "wrokers = 2");
          case 2 -> Team.service("web", command, on(ports.get(0), ports.get(2)));
          case 3 -> Team.service("web", List.of("no-such-program", "x"), on);
          case 4 -> Team.service("web", command, on, "after = [\"nobody\"]");
          case 5 -> Team.service("web", command, on(ports.get(0), ports.get(1)));
          case 6 -> Team.service("web", List.of(Machine.java(), "-jar", "/nowhere/x.jar"), on);
          case 7 -> Team.service("web", command, on, "drain.linger = \"soon\"");
          case 8 -> Team.service("web", command, on, "directory = \"/no/such/directory\"");
          default -> Team.service("web", command, on, "java-home = \"/no/such/java\"");
        };
    team.configure(web, still(orders, ports));
  }

  private static void assertPlan(String out, int added, int removed) {
    assertTrue(out.contains("+ edge listens on tcp:127.0.0.1:" + added), out);
    assertTrue(out.contains("- edge listens on tcp:127.0.0.1:" + removed), out);
    assertTrue(out.contains("~ service edge restarts: command, listeners"), out);
    assertTrue(out.contains("~ service api restarts: command"), out);
    assertTrue(out.contains("= service still stays"), out);
  }

  private static Load load(int port) throws IOException {
    return Load.to(ObedientServer.at(port)).rate(RATE).start();
  }

  private static String on(Integer... ports) {
    return Team.listen(List.of(ports));
  }

  private Path orders() throws IOException {
    return Files.writeString(machine.folder().resolve("orders"), "");
  }
}
