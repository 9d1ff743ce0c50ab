package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Under a service manager that opens the socket, is told everything, and keeps the listener. */
final class ServiceManagerIT {
  @RegisterExtension final Machine machine = new Machine();

  @Test
  void isToldEverythingInItsOrder() throws Exception {
    Assumptions.assumeTrue(Command.isThere("python3"), "no python3");
    Path orders = Files.writeString(machine.folder().resolve("orders"), "");
    int port = Machine.freePort();
    Team team = new Team(machine);
    configure(team, orders, port, "v1");
    Path told = machine.folder().resolve("told");
    Path err = machine.folder().resolve("err");
    Process manager = start(team, port, told, err);

    try {
      await(told, "READY=1");
      String inode = Team.inode(port);
      Load load = Load.to(ObedientServer.at(port)).rate(100).start();
      configure(team, orders, port, "v2");
      assertEquals(0, machine.baton("reload").exit());
      assertEquals(0, machine.baton("restart").exit());
      await(told, "WATCHDOG=1");
      Report report = load.stop();
      assertEquals(inode, Team.inode(port), "the socket that was passed");
      assertEquals(List.of(), report.examples());
      assertEquals(0, machine.baton("stop").exit());
      assertTrue(manager.waitFor(30, TimeUnit.SECONDS));
    } finally {
      manager.descendants().forEach(ProcessHandle::destroyForcibly);
      manager.destroyForcibly().waitFor();
    }

    List<String> lines = new ArrayList<>(Files.readAllLines(told));
    lines.removeIf(line -> line.equals("WATCHDOG=1") || line.startsWith("STATUS="));
    assertTrue(lines.remove(0).startsWith("pid "));
    assertTrue(
        lines.remove(0).matches("FDSTORE=1 \\| FDNAME=tcp\\S* \\| FDPOLL=0 \\+ 1"), "" + lines);
    assertTrue(lines.remove(0).startsWith("READY=1 | STATUS=web serving, 1 of 1 "), "" + lines);
    assertTrue(lines.remove(0).matches("RELOADING=1 \\| MONOTONIC_USEC=\\d+"), "" + lines);
    assertTrue(lines.remove(0).startsWith("READY=1"), "" + lines);
    assertEquals(List.of("STOPPING=1"), lines);
    String log = Files.readString(err);
    assertTrue(log.contains("nobody wants the socket stray at tcp:127.0.0.1:"), log);
  }

  private static void configure(Team team, Path orders, int port, String word) throws IOException {
    team.configure(
        Team.service(
            "web",
            ObedientServer.command(orders, word, port),
            Team.listen(List.of(port)),
            "restart.memory = \"ignore\"",
            "restart.park = \"0s\""));
  }

  private Process start(Team team, int port, Path told, Path err) throws IOException {
    Path script =
        Machine.root().resolve("examples/end-to-end/src/test/resources/service_manager.py");
    ProcessBuilder builder =
        new ProcessBuilder(
            "python3",
            script.toAbsolutePath().toString(),
            machine.folder().resolve("notify").toString(),
            Integer.toString(port),
            Machine.launcher(),
            "run",
            "-f",
            team.file().toString());
    builder.environment().putAll(machine.environment());
    return builder.redirectOutput(told.toFile()).redirectError(err.toFile()).start();
  }

  private static void await(Path told, String what) throws Exception {
    Await.until("the manager is told " + what, () -> Files.readString(told).contains(what));
  }
}
