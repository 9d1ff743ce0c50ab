package dev.baton.supervisor.cli;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.control.ControlConnection;
import dev.baton.supervisor.control.ExitCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows services, workers and listeners. */
@Command(
    name = "status",
    description = "Show the services, their workers and their listeners.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class StatusCommand extends WholeCommand {
  @Option(names = "--json", description = "One JSON object, for programs.")
  private boolean json;

  @Override
  int converse(Target target, ControlConnection connection, Console console) throws IOException {
    connection.send(Message.of(Verb.STATUS));
    List<Message> rows = new ArrayList<>();
    var unused = answer(target, connection, rows::add);
    console.out().print(json ? StatusView.json(rows) : StatusView.table(rows));
    console.out().flush();
    return ExitCode.OK;
  }
}
