package dev.baton.supervisor.cli;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.control.ControlConnection;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Ends a supervisor and its workers. */
@Command(
    name = "stop",
    description = {
      "Drain the workers, stop them, release every socket, and end the supervisor.",
      "Blocks until that is done."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class StopCommand extends SupervisorCommand {
  @Option(names = "--json", description = "One JSON object a line, for programs.")
  private boolean json;

  @Override
  int converse(String found, ControlConnection supervisor, CommandLine command) throws IOException {
    supervisor.send(Message.of(Verb.STOP));
    return Progress.show(supervisor, ProgressView.choose(found, json, System.getenv(), command));
  }
}
