package dev.baton.supervisor.cli;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.control.ControlConnection;
import dev.baton.supervisor.control.ExitCode;
import dev.baton.supervisor.process.Processes;
import dev.baton.supervisor.resource.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Replaces the supervisor itself. */
@Command(
    name = "upgrade",
    description = {
      "Replace the supervisor by another process: of another version, or on another Java.",
      "It starts beside the old one and takes over its sockets; no worker is restarted and",
      "no client notices. If it is not ready in time the old one goes on. The pid changes.",
      ""
    },
    sortOptions = false,
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class UpgradeCommand extends WholeCommand {
  private static final long SETTLE_SECONDS = 30;
  private static final long PAUSE_MILLIS = 20;

  @Option(
      names = "--jar",
      paramLabel = "PATH",
      defaultValue = "",
      description = "The supervisor's other jar. Default: the one at the same path.")
  private String jar = "";

  @Option(
      names = "--java-home",
      paramLabel = "PATH",
      defaultValue = "",
      description = "The other Java's home. Default: the same Java.")
  private String javaHome = "";

  @Override
  int converse(Target target, ControlConnection connection, Console console) throws IOException {
    long start = System.nanoTime();
    connection.send(
        request(Verb.UPGRADE, target).with("jar", absolute(jar)).with("java", absolute(javaHome)));
    Message result = answer(target, connection, row -> {});
    int code = (int) result.number("code");
    if (code != ExitCode.OK) {
      console.err().println("baton: " + target.supervisor() + ": " + result.text("reason"));
      return code;
    }
    String pid = result.text("reason");
    awaitAnswer(target, pid);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    console
        .out()
        .println(target.supervisor() + ": pid " + pid + " supervises, after " + millis + " ms");
    console.out().flush();
    return ExitCode.OK;
  }

  private static String absolute(String path) {
    return path.isEmpty() ? "" : Path.of(path).toAbsolutePath().toString();
  }

  /** Until it has everything back that workers hold. */
  private static void awaitAnswer(Target target, String pid) throws IOException {
    Path socket = RunDirectory.of(target.supervisor(), System.getenv()).control();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS);
    while (System.nanoTime() - end < 0) {
      try (ControlConnection asked = ControlConnection.connect(socket)) {
        asked.send(Message.of(Verb.STATUS));
        Message first = asked.receive();
        if (first != null && first.is(Verb.SUPERVISOR) && first.text("pid").equals(pid)) {
          return;
        }
      } catch (IOException e) {
        // It has not moved in yet.
      }
      if (Processes.startedAt(Long.parseLong(pid)) == 0) {
        throw new IOException(
            "pid " + pid + " has taken over and ended; the workers serve on: run baton again");
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    throw new IOException("pid " + pid + " has taken over, but gives no answer; see its log");
  }
}
