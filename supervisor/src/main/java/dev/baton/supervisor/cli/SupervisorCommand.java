package dev.baton.supervisor.cli;

import dev.baton.supervisor.control.ControlConnection;
import dev.baton.supervisor.control.ExitCode;
import dev.baton.supervisor.resource.RunDirectory;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A command that speaks with a supervisor: finds the one it is meant for, and connects. */
abstract class SupervisorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "Which supervisor; may be left out when only one runs.")
  private @Nullable String name;

  @Override
  public Integer call() throws IOException {
    CommandLine command = spec.commandLine();
    Map<String, String> environment = System.getenv();
    List<String> running = name == null ? RunDirectory.running(environment) : List.of(name);
    if (running.size() != 1) {
      String problem =
          running.isEmpty()
              ? "no supervisor is running; start one with: baton run -- java -jar app.jar"
              : "several supervisors are running, name one of: " + String.join(", ", running);
      command.getErr().println("baton: " + problem);
      return ExitCode.NO_SUPERVISOR;
    }
    String found = running.get(0);
    ControlConnection supervisor;
    try {
      supervisor = ControlConnection.connect(RunDirectory.of(found, environment).control());
    } catch (IOException e) {
      command.getErr().println("baton: no supervisor named " + found + " is running");
      return ExitCode.NO_SUPERVISOR;
    }
    try (supervisor) {
      return converse(found, supervisor, command);
    }
  }

  /**
   * Returns the exit code.
   *
   * @param found the supervisor's name
   * @param command what to print to
   */
  abstract int converse(String found, ControlConnection supervisor, CommandLine command)
      throws IOException;
}
