package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A file as large as files get; its workers are small, because what is looked at is not them. */
final class HundredServicesIT {
  private static final int SERVICES = 100;
  private static final int LISTENERS = 3;
  private static final double TICKS_A_SECOND = 100;

  /** Long enough for each worker to be asked once for a sign of life. */
  private static final double IDLE_SECONDS = 11;

  private static final long MOST_START_SECONDS = 60;

  /** What the shell's {@code times} says of its children: user, then system. */
  private static final Pattern TIMES = Pattern.compile("(\\d+)m([\\d.]+)s (\\d+)m([\\d.]+)s\\s*$");

  @RegisterExtension final Machine machine = new Machine();

  @Test
  void hundredServicesAreCheckedStartedShownAndRestartedOneByOne() throws Exception {
    String python = python();
    Assumptions.assumeTrue(!python.isEmpty(), "no python3 here");
    List<Integer> ports = Ports.free(SERVICES * LISTENERS);
    Team team = new Team(machine).configure(services(python, ports));
    machine.baton("--version"); // the archive of classes is made on first use

    double checked = checkCpuSeconds(team);
    long start = System.nanoTime();
    Supervisor supervisor = team.run();
    long startMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    Look before = team.look();
    double idle = cpuWhileIdle(supervisor.process().pid());
    Command status = machine.baton("status");
    Load load = Load.to(ObedientServer.at(ports.get(0))).start();
    Command restart = machine.baton("restart", "s50");
    Look after = team.look();
    Report report = load.stop();
    Command stop = machine.baton("stop");

    System.out.printf(
        "100 services: check %.2f s of CPU, started in %d ms, idle supervisor %.2f %% of a CPU,"
            + " restart of one %d ms, neighbour %d requests, %d failed, stop %d ms%n",
        checked,
        startMillis,
        idle * 100,
        restart.millis(),
        report.started(),
        report.failed(),
        stop.millis());
    assertTrue(checked < 1, "check took " + checked + " s of CPU");
    assertTrue(startMillis < TimeUnit.SECONDS.toMillis(MOST_START_SECONDS));
    assertEquals(SERVICES, before.services().size());
    assertEquals(SERVICES * LISTENERS, before.listeners().size());
    assertEquals(SERVICES, count(status.out(), ": serving, generation 1"), status.out());
    assertEquals(SERVICES * LISTENERS, count(status.out(), "  tcp:127.0.0.1:"), status.out());
    assertEquals(0, restart.exit(), restart.out() + restart.err());
    for (int i = 0; i < SERVICES; i++) {
      if (i == 50) {
        assertNotEquals(before.pids("s50"), after.pids("s50"));
      } else {
        assertEquals(before.pids("s" + i), after.pids("s" + i), "s" + i);
      }
    }
    assertEquals(Set.of("serving"), after.phases());
    assertEquals(List.of(), report.examples());
    assertEquals(0, stop.exit(), stop.err());
    assertEquals(0, supervisor.awaitExit());
    assertEquals(List.of(), alive(before), "nobody is left");
  }

  private static String[] services(String python, List<Integer> ports) {
    Path script = Machine.root().resolve("examples/python-worker/worker.py");
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < SERVICES; i++) {
      List<Integer> its = ports.subList(i * LISTENERS, (i + 1) * LISTENERS);
      List<String> command =
          new ArrayList<>(List.of(python, script.toAbsolutePath().toString(), "127.0.0.1"));
      its.forEach(port -> command.add(port.toString()));
      parts.add(Team.service("s" + i, command, Team.listen(its)));
    }
    return parts.toArray(String[]::new);
  }

  private double checkCpuSeconds(Team team) throws Exception {
    String script = Machine.launcher() + " check -f " + team.file() + " && times";
    Command check =
        Command.run(machine.folder(), machine.environment(), List.of("sh", "-c", script));
    assertEquals(0, check.exit(), check.err());
    assertTrue(check.out().contains("OK, 100 services, 300 listeners"), check.out());
    Matcher times = TIMES.matcher(check.out());
    assertTrue(times.find(), check.out());
    return Integer.parseInt(times.group(1)) * 60
        + Double.parseDouble(times.group(2))
        + Integer.parseInt(times.group(3)) * 60
        + Double.parseDouble(times.group(4));
  }

  private static double cpuWhileIdle(long pid) throws Exception {
    long before = cpuTicks(pid);
    long start = System.nanoTime();
    Await.until("measured", () -> System.nanoTime() - start > IDLE_SECONDS * 1e9);
    return (cpuTicks(pid) - before) / TICKS_A_SECOND / IDLE_SECONDS;
  }

  /** User and system time of all threads. */
  private static long cpuTicks(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  private static List<Long> alive(Look look) {
    return look.allPids().stream().filter(pid -> ProcessHandle.of(pid).isPresent()).toList();
  }

  private static long count(String text, String part) {
    return text.lines().filter(line -> line.contains(part)).count();
  }

  /** The program itself: what is found in the path may be a script that looks for it. */
  private String python() throws InterruptedException {
    try {
      Command found =
          Command.run(
              machine.folder(),
              machine.environment(),
              List.of("python3", "-c", "import sys; print(sys.executable)"));
      return found.exit() == 0 ? found.out().strip() : "";
    } catch (IOException e) {
      return "";
    }
  }
}
