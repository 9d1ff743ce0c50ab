package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.endtoend.Conversation.Row;
import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many commands for one service at once. */
final class TenRestartsIT {
  private static final int COMMANDS = 10;
  private static final long MOST_MICROS = 250_000;

  @RegisterExtension final Machine machine = new Machine();

  @Test
  void ofTenRestartsOneRunsAndNineAreToldThatItDoes() throws Exception {
    Path orders = Files.writeString(machine.folder().resolve("orders"), "");
    int port = Machine.freePort();
    Team team = new Team(machine);
    team.configure(
        Team.service(
            "web", ObedientServer.command(orders, "web", port), Team.listen(List.of(port))));
    Supervisor supervisor = team.run();
    Load load = Load.to(ObedientServer.at(port)).start();

    long start = System.nanoTime();
    List<Conversation> asked = new ArrayList<>();
    for (int i = 0; i < COMMANDS; i++) {
      asked.add(team.ask("RESTART", Map.of("services", "web", "pid", "1")));
    }
    long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
    List<Row> results = new ArrayList<>();
    for (Conversation one : asked) {
      results.add(one.result());
      one.close();
    }
    Report report = load.stop();

    List<Row> busy = results.stream().filter(row -> row.number("code") == 4).toList();
    long ran = results.stream().filter(row -> row.number("code") == 0).count();
    System.out.printf(
        "%d restarts within %d us: %d ran, %d were told '%s'; %d requests, %d failed%n",
        COMMANDS,
        micros,
        ran,
        busy.size(),
        busy.get(0).text("reason"),
        report.started(),
        report.failed());
    assertTrue(micros <= MOST_MICROS, "they took " + micros + " us to ask");
    assertEquals(1, ran, results.toString());
    assertEquals(COMMANDS - 1, busy.size(), results.toString());
    for (Row one : busy) {
      assertEquals("web: a restart to generation 2 is already running", one.text("reason"));
    }
    assertEquals("2", team.look().service("web").text("generation"));
    assertEquals(0, supervisor.count("web.g3"), supervisor.log());
    assertEquals(List.of(), report.examples());
  }
}
