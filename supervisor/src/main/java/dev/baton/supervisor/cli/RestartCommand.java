package dev.baton.supervisor.cli;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.control.ControlConnection;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Replaces the workers by new ones on the same sockets. */
@Command(
    name = "restart",
    description = {
      "Start the next generation of workers on the same sockets, wait until it serves,",
      "then drain and stop the old one. Blocks until the outcome is known; interrupting",
      "it leaves the restart running."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class RestartCommand extends SupervisorCommand {
  @Option(names = "--json", description = "One JSON object a line, for programs.")
  private boolean json;

  @Override
  int converse(String found, ControlConnection supervisor, CommandLine command) throws IOException {
    supervisor.send(Message.of(Verb.RESTART));
    return Progress.show(supervisor, ProgressView.choose(found, json, System.getenv(), command));
  }
}
