package dev.baton.supervisor.cli;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.control.ControlConnection;
import dev.baton.supervisor.control.ExitCode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;

/** Gives logs a new file. */
@Command(
    name = "rotate",
    description = {
      "Rename the log files, open new ones in their place and move all workers to them.",
      "Blocks until every worker has moved; no line is lost meanwhile. What SIGUSR1 to",
      "the supervisor does for all logs.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class RotateCommand extends ServiceCommand {
  @Override
  Verb verb() {
    return Verb.ROTATE;
  }

  @Override
  int converse(Target target, ControlConnection connection, Console console) throws IOException {
    connection.send(request(verb(), target));
    Message result = answer(target, connection, row -> print(row, target, console));
    print(result, target, console);
    return (int) result.number("code");
  }

  private void print(Message row, Target target, Console console) throws IOException {
    if (json()) {
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put("type", row.verb().toLowerCase(Locale.ROOT));
      fields.putAll(row.fields());
      console.out().println(Json.object(fields));
    } else if (row.is(Verb.LOG)) {
      console.out().println(sentence(row));
    } else if (row.is(Verb.RESULT) && row.number("code") != ExitCode.OK) {
      console.err().println("baton: " + target.supervisor() + ": " + row.text("reason"));
    }
    console.out().flush();
  }

  private static String sentence(Message log) throws IOException {
    String name = log.text("service") + " " + log.text("name");
    String archive = log.text("archive", "");
    return archive.isEmpty()
        ? name + ": " + log.text("path") + " is new, there was nothing to archive"
        : name + (Terminal.of(System.getenv()).unicode() ? " → " : " -> ") + archive;
  }
}
