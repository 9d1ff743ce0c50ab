package dev.baton.supervisor.cli;

import dev.baton.protocol.Verb;
import dev.baton.supervisor.control.ControlConnection;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes how many workers a service has. */
@Command(
    name = "scale",
    description = {
      "Change how many workers a service has, until the next reload. Blocks until they",
      "serve, and those that are not wanted any more are drained and gone.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class ScaleCommand extends SupervisorCommand {
  @Option(names = "--json", description = "One JSON object a line, for programs.")
  private boolean json;

  @Parameters(index = "0", paramLabel = "SERVICE", description = "Which service.")
  private String service = "";

  @Parameters(index = "1", paramLabel = "N", description = "How many workers.")
  private int workers;

  @Override
  List<String> named() {
    return List.of(service);
  }

  @Override
  int converse(Target target, ControlConnection connection, Console console) throws IOException {
    connection.send(request(Verb.SCALE, target).with("workers", workers));
    return Progress.show(
        connection, ProgressView.choose(target.supervisor(), json, System.getenv(), console));
  }
}
