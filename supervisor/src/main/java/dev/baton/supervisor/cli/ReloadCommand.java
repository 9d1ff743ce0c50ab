package dev.baton.supervisor.cli;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.control.ControlConnection;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Has a supervisor read its configuration again. */
@Command(
    name = "reload",
    description = {
      "Read the configuration file again and make what runs as it says. Shows the plan:",
      "+ opens or starts, - closes or stops, ~ changes, = stays. All new listeners are",
      "opened before anything old is touched; when one cannot be, or the file has a",
      "mistake, nothing is changed.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class ReloadCommand extends WholeCommand {
  @Option(names = "--dry-run", description = "Show the plan and do nothing.")
  private boolean dryRun;

  @Option(names = "--json", description = "One JSON object a line, for programs.")
  private boolean json;

  @Override
  int converse(Target target, ControlConnection connection, Console console) throws IOException {
    connection.send(
        Message.of(Verb.RELOAD).with("pid", ProcessHandle.current().pid()).with("dry-run", dryRun));
    return Progress.show(
        connection, ProgressView.choose(target.supervisor(), json, System.getenv(), console));
  }
}
