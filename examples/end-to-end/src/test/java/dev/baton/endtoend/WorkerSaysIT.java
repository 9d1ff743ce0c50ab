package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.endtoend.Conversation.Row;
import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers that say themselves when they may get clients, through the SDK. */
final class WorkerSaysIT {
  @RegisterExtension final Machine machine = new Machine();

  private int port;
  private Path word = Path.of("");
  private Team team = unset();

  @SuppressWarnings("NullAway") // set before each test
  private static Team unset() {
    return null;
  }

  @BeforeEach
  void prepare() throws Exception {
    port = Machine.freePort();
    word = machine.folder().resolve("word");
    team = new Team(machine);
  }

  private Supervisor start(String... more) throws Exception {
    String[] lines = new String[more.length + 3];
    lines[0] = Team.listen(List.of(port));
    lines[1] = "ready.probe = \"worker\"";
    lines[2] = "restart.memory = \"ignore\"";
    System.arraycopy(more, 0, lines, 3, more.length);
    team.configure(Team.service("web", Talkative.command(port, word), lines));
    Files.writeString(word, "");
    Supervisor supervisor = team.run();
    Files.delete(word);
    return supervisor;
  }

  @Test
  void newGenerationGetsNoClientBeforeItSaysThatItIsReady() throws Exception {
    start();
    Load load = Load.to(ObedientServer.at(port)).rate(100).start();

    FutureTask<Command> restart = machine.begin("restart");
    awaitWaiting("web.g2/0");
    String shown = machine.baton("status").out();
    long before = load.live().succeeded();
    Await.until("the old one answers", () -> load.live().succeeded() > before + 50);
    Set<String> answeredMeanwhile = load.live().answeredBy().keySet();
    Files.writeString(word, "");
    Command ended = restart.get();
    Report report = load.stop();

    assertTrue(shown.contains("says: waiting for " + word), shown);
    assertEquals(Set.of("web 1 0"), answeredMeanwhile);
    assertEquals(0, ended.exit(), ended.out() + ended.err());
    assertTrue(ended.out().contains("says that it is ready"), ended.out());
    assertEquals(Set.of("web 1 0", "web 2 0"), report.answeredBy().keySet());
    assertEquals(List.of(), report.examples());
    assertEquals("", worker("web.g2/0").text("says"), "it has nothing more to say");
  }

  @Test
  void whatItSaidLastIsTheReasonWhenItIsGivenUp() throws Exception {
    start("ready.start-timeout = \"2s\"");
    Load load = Load.to(ObedientServer.at(port)).rate(100).start();

    Command restart = machine.baton("restart");
    Report report = load.stop();

    assertEquals(1, restart.exit(), restart.out());
    String why = "it has not said that it is ready; it says: waiting for " + word;
    assertTrue(restart.err().contains(why) || restart.out().contains(why), restart.err());
    assertEquals(Set.of("web 1 0"), report.answeredBy().keySet());
    assertEquals(List.of(), report.examples());
  }

  @Test
  void nextSupervisorIsToldAgain() throws Exception {
    Supervisor first = start();
    Load load = Load.to(ObedientServer.at(port)).rate(100).start();
    FutureTask<Command> restart = machine.begin("restart");
    awaitWaiting("web.g2/0");

    first.kill();
    Files.writeString(word, "");
    team.begin();
    Await.until(
        "the restart is over",
        () ->
            !team.look().services().isEmpty()
                && team.look().phase("web").equals("serving")
                && worker("web.g2/0").text("state").equals("serving"));
    Report report = load.stop();

    restart.get(); // it was told that the supervisor ended
    assertEquals(List.of(), report.examples());
    assertTrue(report.answeredBy().containsKey("web 2 0"), report.toString());
  }

  private void awaitWaiting(String id) throws Exception {
    Await.until(
        id + " says what it waits for",
        () ->
            team.look().workers("web").stream()
                .anyMatch(
                    row ->
                        row.text("id").equals(id)
                            && row.text("state").equals("warming")
                            && row.text("says").startsWith("waiting for")));
  }

  private Row worker(String id) throws Exception {
    Look look = team.look();
    return look.workers("web").stream()
        .filter(row -> row.text("id").equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + id + " in " + look.rows()));
  }
}
