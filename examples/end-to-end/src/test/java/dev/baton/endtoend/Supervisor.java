package dev.baton.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A running {@code baton run}. */
final class Supervisor {
  private static final Pattern WORKER_PID = Pattern.compile("pid (\\d+)");

  private final Machine machine;
  private final Process process;
  private final Path out;
  private final Path err;
  private final Set<ProcessHandle> seen = new LinkedHashSet<>();
  private final Set<Long> known = new HashSet<>();

  private Supervisor(Machine machine, Process process, Path out, Path err) {
    this.machine = machine;
    this.process = process;
    this.out = out;
    this.err = err;
  }

  static Supervisor start(
      Machine machine, List<String> command, Map<String, String> environment, Path files)
      throws IOException {
    Path out = files.resolveSibling(files.getFileName() + ".out");
    Path err = files.resolveSibling(files.getFileName() + ".err");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    return new Supervisor(machine, builder.start(), out, err);
  }

  Process process() {
    return process;
  }

  /** Waits until all workers of the first generation serve. */
  void awaitServing() throws Exception {
    await("the first generation serves", " serving: ");
    Await.until("all of it serves", () -> count(" serving: ") >= startedAtOnce());
  }

  /** A standby is started when the first serves, or later: it must not be waited for. */
  private long startedAtOnce() throws IOException {
    return log()
        .lines()
        .takeWhile(line -> !line.contains(" serving: "))
        .filter(line -> line.contains(" starting: "))
        .count();
  }

  /** Waits until the supervisor has said that, in a line of its own log. */
  void await(String what, String text) throws Exception {
    Await.until(
        what,
        () -> {
          if (!process.isAlive() && !log().contains(text)) {
            throw new AssertionError("the supervisor ended: " + everything());
          }
          return log().contains(text);
        });
  }

  Command restart() throws IOException, InterruptedException {
    Command restart = machine.baton("restart");
    remember();
    return restart;
  }

  Command stop() throws IOException, InterruptedException {
    remember();
    return machine.baton("stop");
  }

  /** By SIGKILL, at once; its workers live on. */
  void kill() throws IOException, InterruptedException {
    process.descendants().forEach(seen::add);
    process.destroyForcibly();
    process.waitFor();
    remember();
  }

  int awaitExit() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("the supervisor does not end");
    }
    return process.exitValue();
  }

  /** The pid of the worker the log named last for that state, such as {@code serving}. */
  long lastPid(String state) throws IOException {
    Matcher matcher = Pattern.compile("pid (\\d+) " + state + ":").matcher(log());
    long pid = 0;
    while (matcher.find()) {
      pid = Long.parseLong(matcher.group(1));
    }
    return pid;
  }

  /** How often the log has that text. */
  int count(String text) throws IOException {
    return log().split(Pattern.quote(text), -1).length - 1;
  }

  String log() throws IOException {
    return Files.readString(err);
  }

  /** What the workers have written into their logs, without our marks; or where we write. */
  String output() throws IOException {
    StringBuilder output = new StringBuilder(Files.readString(out));
    try (Stream<Path> all = Files.walk(machine.folder().resolve("state"))) {
      for (Path log : all.filter(Supervisor::isOutput).sorted().toList()) {
        Files.readString(log)
            .lines()
            .filter(line -> !line.startsWith("=== baton "))
            .forEach(line -> output.append(line).append('\n'));
      }
    } catch (NoSuchFileException e) {
      // Nobody has written anything.
    }
    return output.toString();
  }

  private static boolean isOutput(Path file) {
    String name = file.getFileName().toString();
    return file.toString().contains("/logs/")
        && name.endsWith(".log")
        && !name.equals("supervisor.log");
  }

  String everything() {
    try {
      return "--- supervisor\n" + log() + "--- workers\n" + output();
    } catch (IOException e) {
      return "no output: " + e;
    }
  }

  /** Stops it if the test has not. */
  void end() throws Exception {
    remember();
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("the supervisor had to be killed: " + everything());
    }
  }

  /** Processes of this supervisor that outlived it; they are killed. */
  List<String> survivors() throws IOException {
    List<String> left = new ArrayList<>();
    for (ProcessHandle handle : seen) {
      if (handle.isAlive() && !isDead(handle.pid())) {
        left.add("process " + handle.pid() + " " + handle.info().commandLine().orElse(""));
        handle.destroyForcibly();
      }
    }
    return left;
  }

  /** Ended, but not reaped by the host's init, whose it has become. */
  static boolean isDead(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
    } catch (IOException e) {
      return true;
    }
  }

  private void remember() throws IOException {
    process.descendants().forEach(seen::add);
    Matcher pids = WORKER_PID.matcher(log());
    while (pids.find()) {
      long pid = Long.parseLong(pids.group(1));
      // Looked at once, when it is new: later the same number may be somebody else's process.
      if (known.add(pid)) {
        ProcessHandle.of(pid)
            .filter(handle -> handle.info().commandLine().orElse("").contains("java"))
            .ifPresent(seen::add);
      }
    }
    seen.removeIf(handle -> handle.pid() == process.pid());
  }
}
