package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The supervisor is process 1 of a container, or of what the kernel takes for one. */
final class FirstProcessIT {
  private static final int ORPHANS = 5;
  private static final List<String> CONTAINER =
      List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");

  @RegisterExtension final Machine machine = new Machine();

  @BeforeEach
  void containersArePossible() throws Exception {
    Assumptions.assumeTrue(canMakeContainers(), "unshare --pid is not possible here");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void orphansAreReapedAndSignalsHeard(String last) throws Exception {
    Path orphans = machine.folder().resolve("orphans");
    int port = Machine.freePort();
    Team team = new Team(machine);
    team.configure(Team.service("web", leavingOrphans(orphans, port), Team.listen(List.of(port))));
    Supervisor supervisor = start(team.file());
    try {
      supervisor.awaitServing();
      ProcessHandle first = supervisor.process().children().findFirst().orElseThrow();
      assertTrue(first.info().command().orElse("").endsWith("java"), "" + first.info());
      awaitOnlyChild(first, orphans, ORPHANS);

      Command.signal(first.pid(), "HUP");
      Await.until("the new one serves", () -> supervisor.count("web.g2/0") > 0 && isAlone(first));
      awaitOnlyChild(first, orphans, 2 * ORPHANS);

      Command.signal(first.pid(), last);
      assertEquals(0, supervisor.awaitExit(), supervisor.everything());
    } finally {
      supervisor.process().destroyForcibly().waitFor();
    }
  }

  /** All of them have been there, and the kernel knows none of them any more. */
  private static void awaitOnlyChild(ProcessHandle first, Path orphans, int howMany)
      throws Exception {
    Await.until("orphans were left", () -> Files.readAllLines(orphans).size() == howMany);
    Await.until("orphans are reaped", () -> isAlone(first));
  }

  private static boolean isAlone(ProcessHandle first) {
    return first.children().count() == 1;
  }

  /** A start script that leaves processes behind, and becomes the server. */
  private static List<String> leavingOrphans(Path orphans, int port) throws IOException {
    Path orders = Files.writeString(orphans.resolveSibling("orders"), "");
    List<String> server = ObedientServer.command(orders, "web", port);
    String leave =
        "i=0; while [ $i -lt " + ORPHANS + " ]; do (echo $i >> $0 &); i=$((i + 1)); done";
    List<String> command =
        new ArrayList<>(List.of("sh", "-c", leave + "; exec \"$@\"", orphans.toString()));
    command.addAll(server);
    return command;
  }

  private Supervisor start(Path file) throws IOException {
    List<String> command = new ArrayList<>(CONTAINER);
    command.addAll(List.of(Machine.launcher(), "run", "-f", file.toString()));
    return Supervisor.start(
        machine, command, machine.environment(), machine.folder().resolve("first"));
  }

  private static boolean canMakeContainers() throws InterruptedException {
    List<String> command = new ArrayList<>(CONTAINER);
    command.add("true");
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
