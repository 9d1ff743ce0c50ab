package dev.baton.supervisor.cli;

import dev.baton.jdk.Exchange;
import dev.baton.jdk.Reach;
import dev.baton.supervisor.cli.Line.Colour;
import dev.baton.supervisor.control.ExitCode;
import dev.baton.supervisor.process.HostMemory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tries on this host what supervisors and workers will need, before they need it. */
@Command(
    name = "doctor",
    description = {
      "Test this host: the JDK, the passing and switching of sockets, directories and",
      "limits. Says what to do about what it finds, and leaves nothing behind.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class DoctorCommand implements Callable<Integer> {
  private static final long MOST_SECONDS = 5;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "One JSON object a line, for programs.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    CommandLine command = spec.commandLine();
    PrintWriter out = command.getOut();
    Terminal terminal = Terminal.of(System.getenv());
    boolean failed = false;
    for (Map.Entry<String, Callable<Finding>> check : checks(System.getenv()).entrySet()) {
      Finding finding = run(check.getKey(), check.getValue());
      out.println(json ? finding.json() : line(finding, terminal));
      out.flush();
      failed |= finding.isFailure();
    }
    return failed ? ExitCode.FAILED : ExitCode.OK;
  }

  /** In the order in which one failure explains the next. */
  private static Map<String, Callable<Finding>> checks(Map<String, String> environment) {
    Map<String, Callable<Finding>> checks = new LinkedHashMap<>();
    checks.put(
        "jdk",
        () -> {
          Runtime.Version version = Runtime.version();
          return HostJudgement.jdk(version.feature(), version.toString(), Reach.problems());
        });
    checks.put("epoll", () -> HostJudgement.epoll(Exchange.isPossible()));
    checks.put("native library", HostTrials::nativeLibrary);
    checks.put("descriptors", HostTrials::descriptors);
    checks.put("switch", HostTrials::exchange);
    checks.put("run directory", () -> HostTrials.runDirectory(environment));
    checks.put("socket paths", () -> HostTrials.socketPaths(environment));
    checks.put("state directory", () -> HostTrials.stateDirectory(environment));
    checks.put("open files", () -> HostJudgement.openFiles(text("/proc/self/limits")));
    checks.put(
        "accept queues", () -> HostJudgement.acceptQueues(text("/proc/sys/net/core/somaxconn")));
    checks.put(
        "privileged ports",
        () ->
            HostJudgement.privilegedPorts(
                text("/proc/sys/net/ipv4/ip_unprivileged_port_start"), text("/proc/self/status")));
    checks.put("ipv6", () -> HostJudgement.ipv6(text("/proc/net/if_inet6")));
    checks.put("memory", () -> HostJudgement.memory(HostMemory.read()));
    checks.put("setsid", () -> HostJudgement.setsid(isInstalled("setsid", environment)));
    return checks;
  }

  /**
   * On a thread of its own, which is given up when it takes too long. The interrupt closes the
   * channels it waits on.
   */
  static Finding run(String name, Callable<Finding> check) throws InterruptedException {
    FutureTask<Finding> task = new FutureTask<>(check);
    Thread thread = new Thread(task, "doctor");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(MOST_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      task.cancel(true);
      thread.join(TimeUnit.SECONDS.toMillis(1));
      return Finding.fail(name, "no answer in " + MOST_SECONDS + " s", "try again with less load");
    } catch (ExecutionException e) {
      return broken(name, e.getCause() == null ? e : e.getCause());
    }
  }

  private static Finding broken(String name, Throwable cause) {
    String advice =
        switch (name) {
          case "native library" -> "supported are x86-64, aarch64 and others with glibc or musl";
          case "descriptors" -> "is the temp directory ours, and may it hold unix sockets?";
          case "switch" -> "restarts will not be unnoticed on this host";
          default -> "";
        };
    Throwable root =
        cause instanceof LinkageError && cause.getCause() != null ? cause.getCause() : cause;
    String message = root instanceof IOException ? root.getMessage() : null;
    return Finding.fail(name, message == null ? root.toString() : message, advice);
  }

  private static String text(String path) {
    try {
      return Files.readString(Path.of(path));
    } catch (IOException e) {
      return "";
    }
  }

  private static boolean isInstalled(String program, Map<String, String> environment) {
    return Pattern.compile(":")
        .splitAsStream(environment.getOrDefault("PATH", ""))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static String line(Finding finding, Terminal terminal) {
    Colour colour =
        switch (finding.verdict()) {
          case OK -> Colour.GREEN;
          case WARN -> Colour.YELLOW;
          case FAIL -> Colour.RED;
        };
    String line = finding.line();
    return new Line(terminal, Integer.MAX_VALUE)
        .add(colour, line.substring(0, Finding.VERDICT_COLUMNS))
        .add(line.substring(Finding.VERDICT_COLUMNS))
        .toString();
  }
}
