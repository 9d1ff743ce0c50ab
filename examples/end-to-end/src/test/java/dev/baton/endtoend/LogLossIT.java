package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers that write as fast as they can, while their logs are rotated and they are restarted. */
final class LogLossIT {
  private static final int LINES = Integer.getInteger("baton.lines", 20_000);
  private static final int RESTARTS = 5;
  private static final int WORKERS = 2;
  private static final long ROTATE_MILLIS = 200;
  private static final Pattern LINE =
      Pattern.compile(
          "(out|access) (\\d+) (\\d+) The quick brown fox jumps over the lazy dog, again\\.");

  @RegisterExtension final Machine machine = new Machine();

  private final List<Process> started = new ArrayList<>();

  /** Also when the test has failed before. */
  @AfterEach
  void endFollowers() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void everyLineIsThereOnceWholeAndInOrder() throws Exception {
    writeRotateAndRestart(false);
  }

  @Test
  void alsoWhenTheSupervisorIsKilledInTheMiddle() throws Exception {
    writeRotateAndRestart(true);
  }

  private void writeRotateAndRestart(boolean killed) throws Exception {
    int port = Machine.freePort();
    Supervisor supervisor =
        OneService.start(
            machine,
            Scribe.command(port, LINES),
            WORKERS,
            "stop.timeout = \"60s\"",
            "output.keep = 0",
            "logs.access.keep = 0");
    Load load = Load.to(ObedientServer.at(port)).rate(100).start();
    Path followed = machine.folder().resolve("followed");
    Process follower = follow(followed);
    started.add(follower);
    // It asks the supervisor where the logs are: before that is killed.
    Await.until("it is followed", () -> count(followed) > 0);
    AtomicLong present = new AtomicLong(supervisor.process().pid());
    Thread rotating = new Thread(() -> rotate(present), "rotating");
    rotating.start();

    for (int i = 0; i < RESTARTS; i++) {
      if (killed) {
        supervisor.kill();
        supervisor = machine.start(List.of("-f", OneService.file(machine).toString()));
        supervisor.await("it took back", "baton: took back 2 workers");
        present.set(supervisor.process().pid());
      }
      Command restart = supervisor.restart();
      assertEquals(0, restart.exit(), restart.out() + restart.err());
    }

    rotating.interrupt();
    rotating.join();
    Report report = load.stop();
    assertEquals(List.of(), deleted(supervisor), "files nobody finds any more");
    assertEquals(0, supervisor.stop().exit());
    assertEquals(0, supervisor.awaitExit());
    LogFiles output = LogFiles.of(machine, "web.log");
    LogFiles access = LogFiles.of(machine, "web-access.log");
    int processes = WORKERS * (RESTARTS + 1);
    long lines = check("out", output::forEachLine, processes);
    check("access", access::forEachLine, processes);
    // Whoever followed has seen the same, in the same order for each of them.
    Await.until("all is followed", () -> count(followed) >= lines);
    follower.destroy();
    assertTrue(follower.waitFor(10, TimeUnit.SECONDS));
    check("out", reader -> lines(followed).forEach(reader), processes);
    System.out.printf(
        "%d processes, %d lines each in two logs, %d and %d files, %d requests, %d failed%n",
        processes,
        LINES,
        output.all().size(),
        access.all().size(),
        report.started(),
        report.failed());
    assertEquals(List.of(), report.examples());
    assertTrue(output.all().size() > RESTARTS, "it was rotated: " + output.all());
  }

  /** As an operator would, but faster. */
  private static void rotate(AtomicLong supervisor) {
    try {
      while (true) {
        new ProcessBuilder("kill", "-USR1", Long.toString(supervisor.get())).start().waitFor();
        TimeUnit.MILLISECONDS.sleep(ROTATE_MILLIS);
      }
    } catch (InterruptedException e) {
      // It has been long enough.
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Process follow(Path file) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(Machine.launcher(), "logs", "web", "-f", "--lines", "1000000000");
    builder.environment().putAll(machine.environment());
    builder.redirectOutput(file.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
    return builder.start();
  }

  private static long count(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.filter(line -> LINE.matcher(line).matches()).count();
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of the supervisor, of its agent, of the JVM. */
  private static boolean isOthers(String line) {
    return line.startsWith("=== baton ")
        || line.startsWith("[baton] ")
        || line.startsWith("Picked up JAVA_TOOL_OPTIONS");
  }

  /** Something that hands out lines. */
  private interface Source {
    void read(Consumer<String> reader) throws IOException;
  }

  /** Returns how many there are. */
  private static long check(String stream, Source source, int processes) throws IOException {
    Map<Long, Integer> last = new HashMap<>();
    List<String> wrong = new ArrayList<>();
    source.read(
        line -> {
          Matcher matcher = LINE.matcher(line);
          if (!matcher.matches()) {
            if (!isOthers(line)) {
              wrong.add(line);
            }
            return;
          }
          long pid = Long.parseLong(matcher.group(2));
          int number = Integer.parseInt(matcher.group(3));
          if (!matcher.group(1).equals(stream) || number != last.getOrDefault(pid, 0) + 1) {
            wrong.add(line + ", after " + last.get(pid));
          }
          last.put(pid, number);
        });
    assertEquals(List.of(), wrong.subList(0, Math.min(10, wrong.size())), "of " + wrong.size());
    assertEquals(processes, last.size(), last.toString());
    last.forEach((pid, number) -> assertEquals(LINES, number, "the last one of " + pid));
    return (long) processes * LINES;
  }

  /** Logs that a worker or the supervisor has open, but that have no path any more. */
  private static List<String> deleted(Supervisor supervisor) throws IOException {
    List<String> deleted = new ArrayList<>();
    List<ProcessHandle> all = new ArrayList<>(supervisor.process().descendants().toList());
    all.add(supervisor.process().toHandle());
    for (ProcessHandle one : all) {
      try (Stream<Path> open = Files.list(Path.of("/proc/" + one.pid() + "/fd"))) {
        for (Path descriptor : open.toList()) {
          String target = Files.readSymbolicLink(descriptor).toString();
          if (target.contains("/logs/") && target.endsWith(" (deleted)")) {
            deleted.add(one.pid() + " " + target);
          }
        }
      } catch (IOException e) {
        // It has ended, or closed it.
      }
    }
    return deleted;
  }
}
