package dev.baton.supervisor.cli;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.control.ControlConnection;
import dev.baton.supervisor.control.ExitCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows services, workers and listeners. */
@Command(
    name = "status",
    description = "Show the service, its workers and its listeners.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "One JSON object, for programs.")
  private boolean json;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "Which supervisor; may be left out when only one runs.")
  private @Nullable String name;

  @Override
  public Integer call() throws IOException {
    CommandLine command = spec.commandLine();
    return Supervisors.call(
        name,
        command,
        (found, supervisor) -> {
          List<Message> rows = rows(supervisor);
          command.getOut().print(json ? StatusView.json(rows) : StatusView.table(rows));
          command.getOut().flush();
          return ExitCode.OK;
        });
  }

  private static List<Message> rows(ControlConnection supervisor) throws IOException {
    supervisor.send(Message.of(Verb.STATUS));
    List<Message> rows = new ArrayList<>();
    for (Message next = supervisor.receive(); next != null; next = supervisor.receive()) {
      if (next.is(Verb.RESULT)) {
        return rows;
      }
      rows.add(next);
    }
    throw new IOException("the supervisor ended before it gave an answer");
  }
}
