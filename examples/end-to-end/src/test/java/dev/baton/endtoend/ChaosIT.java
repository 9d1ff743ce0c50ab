package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.endtoend.Conversation.Row;
import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The supervisor is killed at random moments of whatever it does, and started again, under load.
 * The moments are from a seed, {@code -Dbaton.seed}; what they hit is the machine's.
 */
final class ChaosIT {
  private static final int KILLS = Integer.getInteger("baton.kills", 8);
  private static final int RATE = 200;
  private static final List<String> OPERATIONS =
      List.of(
          "nothing",
          "RESTART",
          "rolling",
          "all-at-once",
          "canary",
          "ROLLBACK",
          "SCALE",
          "ROTATE",
          "UPGRADE",
          "RELOAD");

  @RegisterExtension final Machine machine = new Machine();

  private final long seed = Long.getLong("baton.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void whateverItDoesWhenItIsKilled() throws Exception {
    Path orders = Files.writeString(machine.folder().resolve("orders"), "");
    int port = Machine.freePort();
    Team team = new Team(machine);
    configure(team, orders, port, 0);
    Supervisor supervisor = team.run();
    String socket = Team.inode(port);
    Load load = Load.to(ObedientServer.at(port)).rate(RATE).start();
    List<String> course = new ArrayList<>();

    try {
      for (int i = 1; i <= KILLS; i++) {
        String operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
        course.add(operation);
        begin(operation, team, orders, port, i);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(1500)); // the moment is what is tried
        kill(supervisor);
        supervisor = team.begin();
        if (random.nextInt(4) == 0) { // once more, while it takes over
          course.add("taking over");
          TimeUnit.MILLISECONDS.sleep(random.nextInt(600));
          kill(supervisor);
          supervisor = team.begin();
        }
        awaitSettled(team);
        check(team);
        assertEquals(socket, Team.inode(port), "the socket");
      }
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ", " + course + ": " + e.getMessage(), e);
    }
    Report report = load.stop();

    System.out.printf(
        "%d kills, seed %d: %s; %d requests, %d failed, by %d processes%n",
        KILLS, seed, course, report.started(), report.failed(), report.answeredBy().size());
    assertEquals(List.of(), report.examples(), "seed " + seed + ", " + course);
    assertEquals(report.started(), report.succeeded());
    assertEquals(0, machine.baton("stop").exit());
    assertEquals(0, supervisor.awaitExit());
  }

  /** And whoever was about to follow it, or has. */
  private void kill(Supervisor supervisor) throws Exception {
    supervisor.kill();
    for (long pid : processes("BATON_TAKEOVER=" + machine.run())) {
      if (ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly).orElse(false)) {
        Await.until("it is gone", () -> !processes("BATON_TAKEOVER=").contains(pid));
      }
    }
  }

  private static void configure(Team team, Path orders, int port, int version) throws IOException {
    team.configure(
        Team.service(
            "web",
            ObedientServer.command(orders, "v" + version, port),
            "workers = 2",
            Team.listen(List.of(port)),
            "restart.memory = \"ignore\"",
            "restart.soak = \"300ms\""));
  }

  /** Begins something, and does not wait for it. */
  private void begin(String operation, Team team, Path orders, int port, int turn)
      throws Exception {
    switch (operation) {
      case "nothing" -> {}
      case "rolling", "all-at-once", "canary" ->
          ask(team, "RESTART", Map.of("strategy", operation));
      case "SCALE" ->
          ask(team, "SCALE", Map.of("services", "web", "workers", "" + (2 + random.nextInt(2))));
      case "RELOAD" -> {
        configure(team, orders, port, turn);
        ask(team, "RELOAD", Map.of());
      }
      case "ROLLBACK" -> ask(team, "ROLLBACK", Map.of("services", "web"));
      default -> ask(team, operation, Map.of());
    }
  }

  private static void ask(Team team, String verb, Map<String, String> keys) throws IOException {
    team.ask(verb, keys).close();
  }

  /** Everything that was begun is over, one way or the other, and all that are wanted serve. */
  private static void awaitSettled(Team team) throws Exception {
    try {
      Await.until("it has settled", () -> isSettled(team.look()));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + ": " + team.look().rows(), e);
    }
  }

  private static boolean isSettled(Look look) {
    if (look.services().isEmpty() || !look.phase("web").equals("serving")) {
      return false;
    }
    List<String> states = look.states("web");
    long serving = states.stream().filter("serving"::equals).count();
    return serving == look.service("web").number("wanted")
        && states.stream().allMatch(state -> state.equals("serving") || state.equals("parked"));
  }

  private void check(Team team) throws Exception {
    Look look = team.look();
    Set<String> slots = new TreeSet<>();
    for (Row worker : look.workers("web")) {
      String place = worker.text("slot") + " " + worker.text("state");
      assertTrue(slots.add(place), "two in one place: " + look.rows());
    }
    assertEquals(
        List.of(), Audited.troubles(machine.run().resolve("team").resolve("control.sock")));
    // Those of a moment ago may not be reaped yet.
    Await.until("no worker but those it knows lives", () -> jvms().equals(look.allPids()));
  }

  /** All workers that were ever started here and live. */
  private Set<Long> jvms() throws IOException {
    return processes("BATON_ATTACH=" + machine.run());
  }

  /** Those with that in their environment. */
  private static Set<Long> processes(String ours) throws IOException {
    Set<Long> pids = new TreeSet<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path process : all) {
        try {
          String environment =
              Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
          if (environment.contains(ours)) {
            pids.add(Long.parseLong(process.getFileName().toString()));
          }
        } catch (IOException e) {
          // It has ended.
        }
      }
    }
    return pids;
  }
}
