package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What was done, by whom, and how it went, is remembered. */
final class HistoryIT {
  private static final Pattern ROW = Pattern.compile("^(\\d+) +web +\\S+ \\S+ +(.*)$");

  @RegisterExtension final Machine machine = new Machine();

  @Test
  void restartRollBackAndReloadAreRememberedBeyondTheSupervisor() throws Exception {
    Path orders = Files.writeString(machine.folder().resolve("orders"), "");
    int port = Machine.freePort();
    Team team = configure(orders, port, "v1");
    team.run();
    assertEquals(0, machine.baton("restart").exit());
    assertEquals(0, machine.baton("rollback", "web").exit());
    configure(orders, port, "v2");
    Command reload = machine.baton("reload");
    assertEquals(0, reload.exit(), reload.out() + reload.err());
    Files.writeString(orders, "exit 7");
    assertEquals(1, machine.baton("restart").exit());
    List<String> table = machine.baton("history", "web").out().lines().toList();
    assertEquals(0, machine.baton("stop").exit());
    Files.writeString(orders, "");
    team.run();

    List<String> tableAfter = machine.baton("history").out().lines().toList();
    List<String> json = machine.baton("history", "--json").out().lines().toList();
    String details = machine.baton("history", "--details", "web").out();

    System.out.println("history: " + String.join(" | ", table));
    assertEquals(List.of("restart", "reload", "rollback", "restart"), kinds(table));
    assertTrue(table.get(1).contains("failed"), table.toString());
    assertTrue(table.get(1).contains("exited with status 7"), table.toString());
    for (String row : table.subList(1, table.size())) {
      assertTrue(row.contains("command of " + System.getProperty("user.name") + " (pid "), row);
    }
    assertEquals(table, tableAfter, "it survives the supervisor");
    assertEquals(table.size() - 1, json.size(), json.toString());
    for (String line : json) {
      assertParses(line);
    }
    for (String phase : List.of("starting", "ready", "serving", "draining", "stopping", "gone")) {
      assertTrue(details.contains(" " + phase + " "), phase + " in " + details);
    }
  }

  private Team configure(Path orders, int port, String word) throws IOException {
    return new Team(machine)
        .configure(
            Team.service(
                "web", ObedientServer.command(orders, word, port), Team.listen(List.of(port))));
  }

  private static List<String> kinds(List<String> table) {
    return table.stream()
        .map(ROW::matcher)
        .filter(Matcher::matches)
        .map(row -> row.group(2).split(" ", 2)[0])
        .toList();
  }

  /** By a program that reads JSON and is not ours. */
  private static void assertParses(String line) throws Exception {
    try {
      Process parser =
          new ProcessBuilder("python3", "-c", "import json, sys; json.loads(sys.argv[1])", line)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertEquals(0, parser.waitFor(), line);
    } catch (IOException e) {
      assertTrue(line.startsWith("{\"id\": ") && line.endsWith("]}"), line);
    }
  }
}
