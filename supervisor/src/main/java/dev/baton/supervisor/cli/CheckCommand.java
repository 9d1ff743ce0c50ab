package dev.baton.supervisor.cli;

import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.control.ExitCode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says whether a configuration file can be run, and does nothing else. */
@Command(
    name = "check",
    description = {
      "Check a configuration file, and change nothing. Every problem is printed, one a",
      "line: file, line, column, key, what is wrong, what is allowed. Exit code 2 if",
      "there is any.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      defaultValue = ConfigFile.DEFAULT,
      description = "What to check. Default: ${DEFAULT-VALUE}.")
  private Path file = Path.of(ConfigFile.DEFAULT);

  @Override
  public Integer call() {
    try {
      Config config = ConfigFile.read(file, System.getenv());
      PrintWriter out = spec.commandLine().getOut();
      out.println(file + ": OK, " + summary(config));
      out.flush();
      return ExitCode.OK;
    } catch (ConfigException e) {
      // As a compiler would: no prefix, so that editors find the place.
      spec.commandLine().getErr().println(e.getMessage());
      return ExitCode.USAGE;
    }
  }

  private static String summary(Config config) {
    int listeners =
        config.services().values().stream().mapToInt(one -> one.listeners().size()).sum();
    return count(config.services().size(), "service") + ", " + count(listeners, "listener");
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
