package dev.baton.worker.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A supervisor, what it has started, and the folder they live in. */
final class RunningSupervisor implements AutoCloseable {
  /** A line of the supervisor about a worker, which has no pid before it attaches. */
  private static final Pattern STATE =
      Pattern.compile("^baton: \\S+ (?:pid (\\d+) )?(\\w+): ", Pattern.MULTILINE);

  private static final String STARTING = "starting";
  private static final String SERVING = "serving";
  private static final String GONE = "gone";

  /** The supervisor gives up before; this is for one that hangs. */
  private static final long MOST_SECONDS = 300;

  /** After that it need not wait for connections any more: nobody uses them. */
  private static final long PATIENCE_SECONDS = 3;

  /** For stopping without them. */
  private static final long STOP_SECONDS = 60;

  private final Path folder;
  private final Path log;
  private final Process process;
  private final Set<ProcessHandle> seen = new LinkedHashSet<>(); // guarded by itself

  private RunningSupervisor(Path folder, Path log, Process process) {
    this.folder = folder;
    this.log = log;
    this.process = process;
  }

  /** Waits for nothing. */
  static RunningSupervisor start(ServiceFile service) throws IOException {
    // Not in java.io.tmpdir, which a build may have set to a long path: sockets' are short.
    Path folder = Files.createTempDirectory(Path.of("/tmp"), "baton");
    try {
      Files.createDirectories(Jvm.temp(folder));
      Path file = Files.write(folder.resolve("baton.toml"), service.lines(Jvm.temp(folder)));
      Path log = folder.resolve("supervisor.log");
      Process process =
          Jvm.baton(folder, List.of("run", "-f", file.toString()))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new RunningSupervisor(folder, log, process);
    } catch (IOException | RuntimeException e) {
      removeAll(folder);
      throw e;
    }
  }

  /** Waits until all workers of the first generation serve; they are started at once. */
  void awaitServing() throws IOException, InterruptedException {
    awaitServing(1, 0);
    awaitServing(times(STARTING), 0);
  }

  /**
   * Waits until so many have begun to serve.
   *
   * @param gone how many may have ended; the supervisor tries again, but one more is a failure
   */
  private void awaitServing(long serving, long gone) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
    while (times(SERVING) < serving) {
      if (!process.isAlive() || times(GONE) > gone || System.nanoTime() - end > 0) {
        throw new AssertionError("no worker serves:\n" + output());
      }
      Thread.sleep(10);
    }
    remember();
  }

  /** How often the supervisor has said that of a worker. */
  private long times(String state) throws IOException {
    return STATE.matcher(text(log)).results().filter(one -> one.group(2).equals(state)).count();
  }

  Command command(List<String> arguments) throws IOException, InterruptedException {
    remember();
    Command command = Command.run(Jvm.baton(folder, arguments), folder);
    remember();
    return command;
  }

  void killWorkers() throws IOException, InterruptedException {
    remember();
    long serving = times(SERVING);
    long gone = times(GONE);
    List<ProcessHandle> workers = serving();
    for (ProcessHandle worker : workers) {
      worker.destroyForcibly();
    }
    awaitServing(serving + workers.size(), gone + workers.size());
  }

  private List<ProcessHandle> serving() throws IOException {
    Map<Long, String> states = new LinkedHashMap<>();
    Matcher state = STATE.matcher(text(log));
    while (state.find()) {
      if (state.group(1) != null) {
        states.put(Long.parseLong(state.group(1)), state.group(2));
      }
    }
    return process.descendants().filter(child -> SERVING.equals(states.get(child.pid()))).toList();
  }

  /** While their parents live: orphans are nobody's descendants. */
  private void remember() {
    synchronized (seen) {
      process.descendants().forEach(seen::add);
    }
  }

  /** Stops it, and kills and names what it leaves. */
  List<String> end() throws IOException, InterruptedException {
    remember();
    List<String> left = new ArrayList<>();
    process.destroy();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroy();
    }
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      left.add("the supervisor, which does not end");
    }
    synchronized (seen) {
      for (ProcessHandle one : seen) {
        if (one.isAlive() && !isDead(one.pid())) {
          left.add("process " + one.pid() + " " + one.info().commandLine().orElse(""));
        }
      }
    }
    return left;
  }

  /** Ended, but not reaped by the host's init, whose it has become. */
  private static boolean isDead(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
    } catch (IOException e) {
      return true;
    }
  }

  String output() throws IOException {
    StringBuilder output = new StringBuilder("--- supervisor\n").append(text(log));
    if (Files.isDirectory(Jvm.state(folder))) {
      try (Stream<Path> all = Files.walk(Jvm.state(folder))) {
        for (Path file : all.filter(RunningSupervisor::isOfWorkers).sorted().toList()) {
          output.append("--- ").append(file.getFileName()).append('\n').append(text(file));
        }
      }
    }
    return output.toString();
  }

  private static boolean isOfWorkers(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".log") && !name.equals("supervisor.log");
  }

  /** Whatever bytes an application has written. */
  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  /** Kills what there is still, and removes the folder. */
  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    synchronized (seen) {
      seen.forEach(ProcessHandle::destroyForcibly);
    }
    removeAll(folder);
  }

  private static void removeAll(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(one);
      }
    }
  }
}
