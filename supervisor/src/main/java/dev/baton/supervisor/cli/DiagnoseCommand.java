package dev.baton.supervisor.cli;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.control.ControlConnection;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows what workers do at this moment. */
@Command(
    name = "diagnose",
    description = {
      "Show what workers do at this moment: the stacks of their threads, their connections",
      "with what is queued in them, the figures of their JVMs. It is written down, too: the",
      "first line of each says where.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class DiagnoseCommand extends SupervisorCommand {
  /** As {@code baton status} shows them; its slash is none behind a supervisor. */
  private static final Pattern WORKER = Pattern.compile("[^/]+\\.g\\d+/\\d+(?:#\\d+)?");

  @Parameters(
      arity = "0..*",
      paramLabel = "WORKER",
      description = "Of which worker, such as web.g3/0, or of which service only.")
  private List<String> workers = new ArrayList<>();

  @Override
  List<String> named() {
    return areWorkers() ? List.of() : workers;
  }

  private boolean areWorkers() {
    return workers.stream().anyMatch(name -> WORKER.matcher(name).matches());
  }

  @Override
  int converse(Target target, ControlConnection connection, Console console) throws IOException {
    Message request = request(Verb.DIAGNOSE, target);
    connection.send(areWorkers() ? request.with("services", String.join(" ", workers)) : request);
    List<Message> rows = new ArrayList<>();
    Message result = answer(target, connection, rows::add);
    for (Message row : rows) {
      if (row.is(Verb.EVIDENCE)) {
        show(row, console.out(), console.err());
      }
    }
    console.out().flush();
    if (!result.text("reason").isEmpty()) {
      console.err().println("baton: " + target.supervisor() + ": " + result.text("reason"));
    }
    return (int) result.number("code");
  }

  private static void show(Message row, PrintWriter out, PrintWriter err) throws IOException {
    if (!row.text("trouble").isEmpty()) {
      err.println("baton: " + row.text("worker") + ": " + row.text("trouble"));
      return;
    }
    Path file = Path.of(row.text("path"));
    out.println("=== " + row.text("worker") + ", written to " + file);
    out.println(Files.readString(file, StandardCharsets.UTF_8));
  }
}
