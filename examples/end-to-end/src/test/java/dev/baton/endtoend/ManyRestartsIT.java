package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A supervisor that lives long: nothing grows. */
final class ManyRestartsIT {
  private static final int RESTARTS = Integer.getInteger("baton.manyRestarts", 50);
  private static final int WARM_UP = 5;
  private static final long MOST_GROWTH_KIB = 6 * 1024;

  /** What the README says. */
  private static final long MOST_RSS_KIB = 56 * 1024;

  @RegisterExtension final Machine machine = new Machine();

  @Test
  void nothingGrows() throws Exception {
    Application application = Application.of(machine, 1);
    Supervisor supervisor = machine.supervise(Servers.run(List.of(), application.command()));
    restart(supervisor, WARM_UP);
    long pid = supervisor.process().pid();
    Await.until("one worker is left", () -> children(pid) == 1);
    int descriptors = descriptors(pid);
    long rss = rssKib(pid);

    restart(supervisor, RESTARTS);

    Await.until("one worker is left", () -> children(pid) == 1);
    System.out.printf(
        "%d restarts: descriptors %d -> %d, rss %d -> %d KiB%n",
        RESTARTS, descriptors, descriptors(pid), rss, rssKib(pid));
    // A thread of the reaper or the prober may hold a pipe for an instant.
    Await.until("as many descriptors as before", () -> descriptors(pid) <= descriptors);
    assertTrue(rssKib(pid) < rss + MOST_GROWTH_KIB, rssKib(pid) + " KiB after " + rss);
    assertTrue(rssKib(pid) < MOST_RSS_KIB, rssKib(pid) + " KiB");
    assertEquals(0, zombies(pid));
    assertEquals(5, files(machine.run()), "lock, two sockets, the state twice");
    supervisor.stop();
    assertEquals(0, supervisor.awaitExit());
  }

  @Test
  void idleSupervisorUsesNoCpu() throws Exception {
    Application application = Application.of(machine, 1);
    Supervisor supervisor = machine.supervise(Servers.run(List.of(), application.command()));
    long pid = supervisor.process().pid();
    List<String> dozing = new ArrayList<>(Application.smallJvm(16, Dozing.class.getName()));
    dozing.add(1, "-Xint");
    Process beside = new ProcessBuilder(dozing).start();
    try {
      long start = System.nanoTime();
      Await.until("the start is digested", () -> System.nanoTime() - start > 3e9);

      long before = cpuTicks(pid);
      long besideBefore = cpuTicks(beside.pid());
      long from = System.nanoTime();
      Await.until("ten idle seconds", () -> System.nanoTime() - from > 10e9);
      long used = cpuTicks(pid) - before;
      long dozed = cpuTicks(beside.pid()) - besideBefore;

      System.out.printf(
          "idle supervisor: %d ms of CPU in 10 s, beside it a JVM that wakes once a second: %d%n",
          used * 10, dozed * 10);
      // To wake up costs ten times as much where caches are others' meanwhile.
      long most = Math.max(3, dozed + dozed / 2);
      assertTrue(used <= most, used * 10 + " ms of CPU in 10 s, the other JVM " + dozed * 10);
    } finally {
      beside.destroyForcibly().waitFor();
    }
  }

  private static void restart(Supervisor supervisor, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      Command restart = supervisor.restart();
      assertEquals(0, restart.exit(), () -> restart.out() + restart.err());
    }
  }

  private static long children(long pid) {
    return ProcessHandle.of(pid).orElseThrow().children().count();
  }

  private static int descriptors(long pid) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return (int) all.count();
    }
  }

  private static long rssKib(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  private static long cpuTicks(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  private static long zombies(long pid) throws IOException {
    try (Stream<ProcessHandle> children = ProcessHandle.of(pid).orElseThrow().children()) {
      return children.filter(child -> isZombie(child.pid())).count();
    }
  }

  private static boolean isZombie(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return stat.substring(stat.lastIndexOf(')') + 2).startsWith("Z");
    } catch (IOException e) {
      return false;
    }
  }

  private static long files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> !Files.isDirectory(file)).count();
    }
  }
}
