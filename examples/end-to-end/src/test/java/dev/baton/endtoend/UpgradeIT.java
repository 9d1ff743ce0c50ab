package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The supervisor itself is replaced, under load. */
final class UpgradeIT {
  private static final int UPGRADES = Integer.getInteger("baton.upgrades", 3);

  @RegisterExtension final Machine machine = new Machine();

  private int port;
  private Team team = unset();

  @SuppressWarnings("NullAway") // set before each test
  private static Team unset() {
    return null;
  }

  @BeforeEach
  void start() throws Exception {
    port = Machine.freePort();
    Path orders = Files.writeString(machine.folder().resolve("orders"), "");
    team = new Team(machine);
    team.configure(
        Team.service(
            "web",
            ObedientServer.command(orders, "v1", port),
            "workers = 2",
            Team.listen(List.of(port)),
            "restart.memory = \"ignore\"",
            "restart.park = \"0s\""));
    team.run();
  }

  /** It is not the process the machine has started. */
  @AfterEach
  void stop() throws Exception {
    long last = pid();
    machine.baton("stop");
    // It answers, and then ends; nobody here is its parent.
    Await.until("it is gone", () -> Supervisor.isDead(last));
  }

  private long pid() throws IOException {
    return Long.parseLong(
        team.look().rows().stream()
            .filter(row -> row.verb().equals("SUPERVISOR"))
            .findFirst()
            .orElseThrow(() -> new IOException("no answer"))
            .text("pid"));
  }

  @Test
  void manyInARow() throws Exception {
    List<Long> workers = team.look().pids("web");
    String socket = Team.inode(port);
    long first = pid();
    Load load = Load.to(ObedientServer.at(port)).rate(200).start();
    List<Long> supervisors = new ArrayList<>(List.of(first));
    List<Integer> descriptors = new ArrayList<>();

    for (int i = 0; i < UPGRADES; i++) {
      Command upgrade = machine.baton("upgrade");
      assertEquals(0, upgrade.exit(), upgrade.out() + upgrade.err());
      long now = pid();
      assertNotEquals(supervisors.get(supervisors.size() - 1), now);
      supervisors.add(now);
      assertEquals(workers, team.look().pids("web"));
      assertEquals(socket, Team.inode(port));
      assertEquals(List.of(), Audited.troubles(control()));
      descriptors.add(sockets(now));
      for (long gone : supervisors.subList(0, supervisors.size() - 1)) {
        Await.until("the old one is gone", () -> Supervisor.isDead(gone));
      }
    }
    Command restart = machine.baton("restart");
    Report report = load.stop();

    System.out.printf(
        "%d upgrades: %d requests, %d failed; sockets and files of the supervisor after each: %s%n",
        UPGRADES, report.started(), report.failed(), descriptors);
    assertEquals(0, restart.exit(), restart.err());
    assertEquals(List.of(), report.examples());
    assertEquals(report.started(), report.succeeded());
    assertEquals(1, descriptors.stream().distinct().count(), "as many each time: " + descriptors);
  }

  private Path control() {
    return machine.run().resolve("team").resolve("control.sock");
  }

  /** Sockets, and files of ours; the JVM opens and closes others as it likes. */
  private int sockets(long pid) throws Exception {
    int[] last = {0, 0};
    Await.until(
        "it rests",
        () -> {
          int now = count(pid);
          last[1] = now == last[0] ? last[1] + 1 : 0;
          last[0] = now;
          return last[1] == 20;
        });
    return last[0];
  }

  private int count(long pid) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return (int) all.filter(this::isOurs).count();
    }
  }

  private boolean isOurs(Path descriptor) {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith("socket:") || target.startsWith(machine.folder().toString());
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void whatCannotSucceedChangesNothing() throws Exception {
    long before = pid();
    Path noJar = Files.writeString(machine.folder().resolve("no.jar"), "nothing");

    Command noJava = machine.baton("upgrade", "--java-home", "/nonexistent");
    Command broken = machine.baton("upgrade", "--jar", noJar.toString());
    Command missing = machine.baton("upgrade", "--jar", "/nonexistent.jar");

    assertNotEquals(0, noJava.exit());
    assertTrue(noJava.err().contains("/nonexistent/bin/java is no program"), noJava.err());
    assertEquals(1, broken.exit());
    assertTrue(broken.err().contains("before it was ready; this supervisor goes on"), broken.err());
    assertNotEquals(0, missing.exit());
    assertTrue(missing.err().contains("cannot be read"), missing.err());
    assertEquals(before, pid());
    assertEquals(0, machine.baton("restart").exit());
  }

  /** At whatever step: the old one goes on, or the next one finds everything. */
  @Test
  void successorIsKilledOnItsWay() throws Exception {
    Random random = new Random();
    Load load = Load.to(ObedientServer.at(port)).rate(200).start();
    List<Long> workers = team.look().pids("web");
    int goneOn = 0;
    for (int i = 0; i < UPGRADES; i++) {
      long before = pid();
      FutureTask<Command> upgrade = machine.begin("upgrade");
      long[] successor = {0};
      Await.until(
          "there is a successor, or it is over",
          () -> {
            successor[0] =
                ProcessHandle.of(before).stream()
                    .flatMap(ProcessHandle::children)
                    .map(ProcessHandle::pid)
                    .filter(pid -> !workers.contains(pid))
                    .findFirst()
                    .orElse(0L);
            return successor[0] != 0 || upgrade.isDone();
          });
      TimeUnit.MILLISECONDS.sleep(random.nextInt(1200)); // the moment is what is tried
      ProcessHandle.of(successor[0]).ifPresent(ProcessHandle::destroyForcibly);
      Command ended = upgrade.get();
      assertFalse(ended.err().contains("gives no answer"), ended.err());
      if (ended.exit() == 0 || ended.err().contains("has taken over and ended")) {
        Await.until("the old one is gone", () -> Supervisor.isDead(before));
        team.begin();
      } else {
        assertFalse(Supervisor.isDead(before), "it goes on: " + ended.err());
        goneOn++;
      }
      team.awaitServing();
      assertEquals(workers, team.look().pids("web"));
    }
    Report report = load.stop();

    System.out.printf(
        "%d successors killed, %d times the old one went on: %d requests, %d failed%n",
        UPGRADES, goneOn, report.started(), report.failed());
    assertEquals(List.of(), report.examples());
  }
}
