package dev.baton.supervisor.cli;

import com.google.common.collect.ImmutableList;
import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.control.ControlConnection;
import dev.baton.supervisor.control.ExitCode;
import dev.baton.supervisor.core.RestartRecord;
import dev.baton.supervisor.resource.HistoryLine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the restarts that were. */
@Command(
    name = "history",
    description = {"Show the restarts that were, the newest first.", ""},
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class HistoryCommand extends SupervisorCommand {
  @Option(
      names = "-n",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many at most. Default: ${DEFAULT-VALUE}.")
  private int most = 20;

  @Option(names = "--json", description = "One JSON object a line, for programs.")
  private boolean json;

  @Option(names = "--details", description = "With the phases of each.")
  private boolean details;

  @Parameters(arity = "0..*", paramLabel = "SERVICE", description = "Of which service only.")
  private List<String> services = new ArrayList<>();

  @Override
  List<String> named() {
    return services;
  }

  @Override
  int converse(Target target, ControlConnection connection, Console console) throws IOException {
    connection.send(request(Verb.HISTORY, target).with("most", most));
    ImmutableList.Builder<RestartRecord> records = ImmutableList.builder();
    var unused = answer(target, connection, row -> read(row, records));
    console.out().print(view(records.build()));
    console.out().flush();
    return ExitCode.OK;
  }

  private static void read(Message row, ImmutableList.Builder<RestartRecord> records)
      throws IOException {
    RestartRecord record = row.is(Verb.RECORD) ? HistoryLine.read(row.text("line")) : null;
    if (record != null) {
      records.add(record);
    }
  }

  private String view(ImmutableList<RestartRecord> records) {
    if (json) {
      return HistoryView.json(records);
    }
    if (!details) {
      return HistoryView.table(records);
    }
    StringBuilder text = new StringBuilder();
    records.forEach(record -> text.append(HistoryView.details(record)).append('\n'));
    return text.toString();
  }
}
