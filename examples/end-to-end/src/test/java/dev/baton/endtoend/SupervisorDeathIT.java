package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A supervisor dies, together with something else, and the next one finds it so. */
final class SupervisorDeathIT {
  private static final int STOPPED_SECONDS = Integer.getInteger("baton.stopped", 5);
  private static final String TOOK_BACK = "baton: took back ";

  @RegisterExtension final Machine machine = new Machine();

  private int port;
  private Path orders = Path.of("");

  @BeforeEach
  void prepare() throws IOException {
    port = Machine.freePort();
    orders = Files.writeString(machine.folder().resolve("orders"), "");
  }

  private Team team(String... lines) throws IOException {
    Team team = new Team(machine);
    List<String> all =
        Stream.concat(
                Stream.of("workers = 2", Team.listen(List.of(port)), "restart.memory = \"ignore\""),
                Stream.of(lines))
            .toList();
    team.configure(
        Team.service(
            "web", ObedientServer.command(orders, "v1", port), all.toArray(String[]::new)));
    return team;
  }

  private Load load() throws IOException {
    return Load.to(ObedientServer.at(port)).rate(100).start();
  }

  private static void assertNothingLost(Report report) {
    assertEquals(List.of(), report.examples());
    assertEquals(report.started(), report.succeeded());
  }

  private static void awaitServing(Team team, int workers) throws Exception {
    Await.until(
        "all serve",
        () ->
            team.look().phases().equals(Set.of("serving"))
                && team.look().states("web").stream().filter("serving"::equals).count() == workers);
  }

  @Test
  void togetherWithOneOfTwoWorkers() throws Exception {
    Team team = team();
    Supervisor first = team.run();
    String socket = Team.inode(port);
    List<Long> pids = team.look().pids("web");

    first.kill();
    ProcessHandle.of(pids.get(0)).orElseThrow().destroyForcibly();
    Load load = load(); // what the dead one had accepted died with it
    Supervisor second = team.begin();
    awaitServing(team, 2);

    List<Long> now = team.look().pids("web");
    Report report = load.stop();
    assertTrue(second.log().contains(TOOK_BACK + "1 worker, 1 listener"), second.log());
    assertTrue(now.contains(pids.get(1)), now + " after " + pids);
    assertNotEquals(new TreeSet<>(pids), new TreeSet<>(now));
    assertEquals(socket, Team.inode(port));
    assertNothingLost(report);
  }

  @Test
  void whileTheDiskIsFull() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(machine.folder().resolve("disk"))) {
      Map<String, String> there =
          Map.of(
              "BATON_RUNTIME_DIR", disk.folder().resolve("r").toString(),
              "BATON_STATE_DIR", disk.folder().resolve("s").toString());
      Team team = team("stage = false", "restart.park = \"0s\"");
      Supervisor first = machine.start(there, List.of("-f", team.file().toString()));
      first.awaitServing();
      Await.until("both serve", () -> first.count(" serving: ") == 2);
      Load load = load();
      disk.fill();
      first.kill();

      Supervisor second = machine.start(there, List.of("-f", team.file().toString()));
      second.await("it took back", TOOK_BACK);
      disk.free();
      Report report = load.stop();

      assertTrue(second.log().contains(TOOK_BACK + "2 workers, 1 listener"), second.log());
      assertNothingLost(report);
      second.end();
    }
  }

  @Test
  void workerIsKilledWhileItComesBack() throws Exception {
    Team team = team();
    Supervisor first = team.run();
    List<Long> pids = team.look().pids("web");
    Random random = new Random();

    first.kill();
    Supervisor second = machine.start(List.of("-f", team.file().toString()));
    TimeUnit.MILLISECONDS.sleep(random.nextInt(700)); // the moment is what is tried
    ProcessHandle.of(pids.get(0)).orElseThrow().destroyForcibly();
    second.await("it took back", TOOK_BACK);
    awaitServing(team, 2);

    assertTrue(team.look().pids("web").contains(pids.get(1)));
  }

  @Test
  void supervisorThatIsStoppedForAWhileGoesOn() throws Exception {
    Team team = team("failure.watchdog = \"3s\"");
    Supervisor supervisor = team.run();
    List<Long> pids = team.look().pids("web");
    Load load = load();

    Command.signal(supervisor.process().pid(), "STOP");
    TimeUnit.SECONDS.sleep(STOPPED_SECONDS); // time is what is tried
    Command.signal(supervisor.process().pid(), "CONT");
    awaitServing(team, 2);

    assertEquals(pids, team.look().pids("web"), "nobody was replaced");
    assertEquals(0, machine.baton("restart").exit());
    assertNothingLost(load.stop());
  }

  @Test
  void damagedStateIsSetAsideAndNobodyIsTouched() throws Exception {
    Team team = team();
    Supervisor first = team.run();
    List<Long> pids = team.look().pids("web");
    Load load = load();
    first.kill();
    for (String name : List.of("state-a.json", "state-b.json")) {
      Path file = machine.run().resolve("team").resolve(name);
      byte[] bytes = Files.readAllBytes(file);
      bytes[200] ^= 1;
      Files.write(file, bytes);
    }

    Supervisor second = machine.start(List.of("-f", team.file().toString()));
    int exit = second.awaitExit();
    Report report = load.stop();

    assertTrue(second.log().contains("state-a.json.damaged"), second.log());
    assertEquals(1, exit, second.log());
    assertTrue(second.log().contains("another process has it"), second.log());
    assertNothingLost(report);
    for (long pid : pids) {
      assertTrue(second.log().contains(Long.toString(pid)), second.log());
      ProcessHandle worker = ProcessHandle.of(pid).orElseThrow();
      assertTrue(worker.isAlive());
      worker.destroy();
    }
    Await.until("they have ended", () -> dead(pids));
    // Nobody else does: whoever comes next could still be the one they wait for.
    try (Stream<Path> all = Files.walk(machine.run())) {
      all.sorted(Comparator.reverseOrder()).forEach(file -> assertTrue(file.toFile().delete()));
    }
  }

  @Test
  void secondOfTheSameNameIsRefused() throws Exception {
    Team team = team();
    team.run();
    List<Long> pids = team.look().pids("web");

    Supervisor second = machine.start(List.of("-f", team.file().toString()));

    assertEquals(1, second.awaitExit());
    assertTrue(second.log().contains("is running already"), second.log());
    assertEquals(pids, team.look().pids("web"));
  }

  @Test
  void orphansEndWhenTheyAreToldTo() throws Exception {
    Team team = team("failure.orphan-timeout = \"1s\"");
    Supervisor first = team.run();
    List<Long> pids = team.look().pids("web");
    HalfRequest open = HalfRequest.to(ObedientServer.at(port), "v1 from pid ");

    first.kill();

    String answer = open.finish();
    open.close();
    assertTrue(answer.contains("v1 from pid "), answer);
    Await.until("they have ended", () -> dead(pids));
    Supervisor second = team.begin();
    awaitServing(team, 2);
    assertTrue(second.log().contains(TOOK_BACK + "0 workers"), second.log());
  }

  private static boolean dead(List<Long> pids) {
    return pids.stream().allMatch(Supervisor::isDead);
  }

  @Test
  void unixAndUdpSocketsComeBackToo() throws Exception {
    Path path = machine.folder().resolve("u.sock");
    Team team = new Team(machine);
    int udp = Machine.freePort();
    team.configure(
        Team.service("echo", example("UdpEcho", Integer.toString(udp))),
        Team.service("unix", example("NioServer", "unix:" + path)));
    Supervisor first = team.run();
    Set<String> before = team.bound(udp, path);

    first.kill();
    Supervisor second = team.begin();
    second.await("it took back", TOOK_BACK);
    team.awaitServing();

    assertTrue(second.log().contains(TOOK_BACK + "2 workers, 2 listeners"), second.log());
    assertEquals(before, team.bound(udp, path));
    assertEquals(2, before.size(), before.toString());
  }

  private static List<String> example(String server, String where) {
    Path classes = Machine.root().resolve("examples/servers/target/classes").toAbsolutePath();
    return List.of(
        Machine.java(), "-cp", classes.toString(), "dev.baton.examples.servers." + server, where);
  }
}
