package dev.baton.supervisor.cli;

import dev.baton.supervisor.control.ControlConnection;
import dev.baton.supervisor.control.ExitCode;
import dev.baton.supervisor.resource.RunDirectory;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Finds the supervisor a command is meant for. */
final class Supervisors {
  private Supervisors() {}

  /** What a command does with its supervisor; returns the exit code. */
  interface Conversation {
    int with(String name, ControlConnection supervisor) throws IOException;
  }

  /** Connects by name, or without one to the only supervisor that runs. */
  static int call(@Nullable String name, CommandLine command, Conversation conversation)
      throws IOException {
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
      return conversation.with(found, supervisor);
    }
  }
}
