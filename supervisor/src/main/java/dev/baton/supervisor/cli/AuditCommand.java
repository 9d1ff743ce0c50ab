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
import picocli.CommandLine.Option;

/** Accounts for every descriptor. */
@Command(
    name = "audit",
    description = {
      "Compare the descriptors the supervisor knows of with those the kernel shows: its",
      "own, and those its workers have of it. Exit code 1 names what is leaked, missing or",
      "in the wrong hands.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class AuditCommand extends WholeCommand {
  @Option(names = "--json", description = "A JSON object for each line, for programs.")
  private boolean json;

  @Override
  int converse(Target target, ControlConnection connection, Console console) throws IOException {
    connection.send(request(Verb.AUDIT, target));
    if (!json) {
      console.out().println(line("OWNER", "PID", "KIND", "NUMBER", "NAME"));
    }
    Message result = answer(target, connection, row -> print(row, console));
    console.out().flush();
    int code = (int) result.number("code");
    if (code != ExitCode.OK) {
      console.err().println("baton: " + target.supervisor() + ": " + result.text("reason"));
    }
    return code;
  }

  private void print(Message row, Console console) throws IOException {
    if (row.is(Verb.DESCRIPTOR)) {
      console.out().println(json ? object(row) : line(row));
    }
  }

  private static String object(Message row) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("type", "descriptor");
    fields.putAll(row.fields());
    return Json.object(fields);
  }

  private static String line(Message row) throws IOException {
    String trouble = row.text("trouble");
    return line(
        row.text("owner"),
        row.text("pid"),
        row.text("kind"),
        row.text("descriptors"),
        row.text("name") + (trouble.isEmpty() ? "" : ": " + trouble));
  }

  private static String line(String owner, String pid, String kind, String number, String name) {
    return String.format(Locale.ROOT, "%-18s %-8s %-10s %-7s %s", owner, pid, kind, number, name);
  }
}
