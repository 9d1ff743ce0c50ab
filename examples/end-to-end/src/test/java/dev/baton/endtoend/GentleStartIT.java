package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A worker that boots beside another one has a lower weight, and its full one when it serves. */
final class GentleStartIT {
  // In /proc/PID/task/TID/stat, counted from the field after the name
  private static final int NICE = 16;
  private static final int POLICY = 38;

  @RegisterExtension final Machine machine = new Machine();

  private Path file() {
    return machine.folder().resolve("go-on");
  }

  /** By a script, which waits for its JVM. */
  private Supervisor start() throws Exception {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "\\\"$$@\\\"; exit", "sh"));
    command.addAll(patient());
    return OneService.start(machine, command, 1, "gentle-start = true");
  }

  private List<String> patient() throws IOException {
    Files.createFile(file());
    String port = Integer.toString(Machine.freePort());
    return Application.smallJvm(64, Patient.class.getName(), port, file().toString());
  }

  /** The script of the worker that boots, and its JVM. */
  private static List<Long> booting(Supervisor supervisor, long other) {
    return supervisor
        .process()
        .children()
        .filter(one -> one.pid() != other)
        .filter(one -> one.descendants().noneMatch(child -> child.pid() == other))
        .filter(one -> one.info().commandLine().orElse("").contains("Patient"))
        .flatMap(one -> Stream.concat(Stream.of(one), one.descendants()))
        .map(ProcessHandle::pid)
        .toList();
  }

  /** What weights its threads have, and its session; each once. */
  private static Set<String> weights(long pid) throws IOException {
    Set<String> weights = new TreeSet<>();
    Path process = Path.of("/proc/" + pid);
    try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
      for (Path task : tasks.toList()) {
        weights.add(weight(task.resolve("stat")));
      }
    }
    weights.remove("");
    if (Files.exists(process.resolve("autogroup"))) {
      weights.add(
          Files.readString(process.resolve("autogroup")).replaceAll("\\S+ (.*)\n", "session $1"));
    }
    return weights;
  }

  /** Of the compilers alone, by the name of the thread. */
  private static Map<String, String> compilers(long pid) throws IOException {
    Map<String, String> compilers = new TreeMap<>();
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
      for (Path task : tasks.toList()) {
        String name = read(task.resolve("comm")).strip();
        if (name.startsWith("C1 ") || name.startsWith("C2 ")) {
          compilers.put(name.substring(0, 2), weight(task.resolve("stat")));
        }
      }
    }
    return compilers;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return ""; // a thread that has ended
    }
  }

  private static String weight(Path stat) {
    String text = read(stat);
    if (text.isEmpty()) {
      return "";
    }
    String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
    return "nice " + fields[NICE] + ", policy " + fields[POLICY];
  }

  private static long threads(long pid) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return tasks.count();
    }
  }

  private static boolean allDifferFrom(Set<String> full, List<Long> pids) throws IOException {
    for (long pid : pids) {
      if (weights(pid).stream().anyMatch(full::contains)) {
        return false;
      }
    }
    return pids.size() == 2 && threads(pids.get(1)) > 40;
  }

  @Test
  void newWorkerHasItsFullWeightWhenItServesAndALowerOneBefore() throws Exception {
    Supervisor supervisor = start();
    long first = supervisor.lastPid("serving");
    Set<String> full = weights(first);
    Files.delete(file());
    FutureTask<Command> restart = machine.begin("restart");
    Await.until("the new worker is lowered", () -> allDifferFrom(full, booting(supervisor, first)));
    List<Long> next = booting(supervisor, first);
    System.out.println("gentle start: " + full + ", while it boots " + weights(next.get(1)));

    Files.createFile(file());

    assertEquals(0, restart.get().exit(), restart.get().err());
    assertEquals(supervisor.lastPid("serving"), next.get(1));
    for (long pid : next) {
      assertEquals(full, weights(pid));
    }
    assertTrue(!supervisor.log().contains("lower weight"), supervisor.log());
  }

  @Test
  void optimizingCompilerWaitsForTheBootAndNothingElseDoes() throws Exception {
    List<String> command = new ArrayList<>(patient());
    command.remove("-XX:TieredStopAtLevel=1");
    Supervisor supervisor = OneService.start(machine, command, 1);
    long first = supervisor.lastPid("serving");
    Await.until(
        "both compilers are as usual",
        () ->
            compilers(first).keySet().equals(Set.of("C1", "C2"))
                && Set.copyOf(compilers(first).values()).size() == 1);
    Set<String> full = weights(first);
    String usual = Objects.requireNonNull(compilers(first).get("C1"));
    Files.delete(file());
    FutureTask<Command> restart = machine.begin("restart");
    Await.until("the new worker boots", () -> !booting(supervisor, first).isEmpty());
    long next = booting(supervisor, first).get(0);
    if (Machine.isRoot()) { // who else may give a weight back depends on the host
      Await.until(
          "its compiler waits", () -> !compilers(next).getOrDefault("C2", usual).equals(usual));
      assertEquals(usual, compilers(next).get("C1"));
      System.out.println("compilers while it boots: " + compilers(next));
    }

    Files.createFile(file());

    assertEquals(0, restart.get().exit(), restart.get().err());
    assertEquals(supervisor.lastPid("serving"), next);
    Await.until("all of it is as usual", () -> weights(next).equals(full));
    assertTrue(!supervisor.log().contains("lower weight"), supervisor.log());
  }

  @Test
  void oneThatBootsWhileItsSupervisorDiesIsRaisedByTheNext() throws Exception {
    Supervisor supervisor = start();
    long first = supervisor.lastPid("serving");
    Set<String> full = weights(first);
    Files.delete(file());
    FutureTask<Command> restart = machine.begin("restart");
    Await.until("the new worker is lowered", () -> allDifferFrom(full, booting(supervisor, first)));
    long next = booting(supervisor, first).get(1);
    supervisor.kill();
    assertEquals(1, restart.get().exit());

    Supervisor after = machine.start(List.of("-f", OneService.file(machine).toString()));
    after.await("it has come", "took back");
    Files.createFile(file());

    after.await("it serves", "pid " + next + " serving");
    assertEquals(full, weights(next));
  }
}
