package dev.baton.supervisor.cli;

import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.OutputConfig;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.process.Launcher;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the operator asked for, and where it can be read again.
 *
 * @param file null when it was the command line
 * @param output where all output goes, whatever the file says; null for as it says
 */
record Desired(Config config, @Nullable Path file, OutputConfig.@Nullable To output) {
  static Desired of(Config config, @Nullable Path file, OutputConfig.@Nullable To output) {
    return new Desired(output == null ? config : config.writingTo(output), file, output);
  }

  /** Whether any worker writes into a file of ours. */
  boolean hasLogs() {
    return config.services().values().stream().anyMatch(one -> !one.allLogs().isEmpty());
  }

  boolean isCommandLine() {
    return file == null;
  }

  /** Reads the file once more. */
  Desired again(Map<String, String> environment) throws ConfigException {
    if (file == null) {
      throw new ConfigException(
          "there is no file to read again: it was started by a command line; see baton run -f");
    }
    Config next = ConfigFile.read(file, environment);
    if (!next.name().equals(config.name())) {
      throw new ConfigException(
          file + ": the name of a running supervisor cannot change from " + config.name());
    }
    return of(next, file, output);
  }

  /** Throws with a line for each thing that cannot be started, and warns of what may go wrong. */
  void check(Map<String, String> environment, PrintWriter err) throws ConfigException {
    List<String> problems = new ArrayList<>();
    for (ServiceConfig service : config.services().values()) {
      try {
        Launcher.check(service.launch(), environment);
      } catch (ConfigException e) {
        String prefix = isCommandLine() ? "" : "service " + service.name() + ": ";
        String.valueOf(e.getMessage()).lines().forEach(line -> problems.add(prefix + line));
      }
      String warning = Launcher.warning(service.launch(), environment);
      if (!warning.isEmpty()) {
        err.println("baton: warning: " + warning);
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(String.join("\n", problems));
    }
  }
}
