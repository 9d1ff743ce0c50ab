package dev.baton.supervisor.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.core.Operation;
import dev.baton.supervisor.core.Operation.Step;
import dev.baton.supervisor.core.Outcome;
import dev.baton.supervisor.core.RestartRecord;
import dev.baton.supervisor.core.RestartRecord.Asker;
import dev.baton.supervisor.core.RestartRecord.Kind;
import dev.baton.supervisor.core.Transition;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.resource.History;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChronicleTest {
  private static final Asker SOMEBODY = new Asker(Asker.How.COMMAND, "joe", 42);
  private static final Operation OPERATION =
      new Operation(
          1,
          ImmutableList.of(
              Step.of("web", Operation.Kind.RESTART), Step.of("api", Operation.Kind.START)),
          true);

  @TempDir private Path folder = Path.of("");

  @Test
  void stepsAreRememberedByWhatTheyDo() throws Exception {
    History history = History.open(folder.resolve("history.jsonl"));
    Chronicle chronicle = chronicle(history);

    chronicle.begin(OPERATION, SOMEBODY);
    finishBoth(chronicle);

    assertEquals(List.of(Kind.START, Kind.RESTART), kinds(history));
  }

  @Test
  void stepsOfAReloadAreRememberedAsTheReload() throws Exception {
    History history = History.open(folder.resolve("history.jsonl"));
    Chronicle chronicle = chronicle(history);

    chronicle.beginReload(OPERATION, SOMEBODY);
    finishBoth(chronicle);

    assertEquals(List.of(Kind.RELOAD, Kind.RELOAD), kinds(history));
    assertEquals(SOMEBODY, history.last(1, "web").get(0).asker());
  }

  @Test
  void evidenceBelongsToWhatIsUnderWay() throws Exception {
    History history = History.open(folder.resolve("history.jsonl"));
    Chronicle chronicle = chronicle(history);
    chronicle.begin(OPERATION, SOMEBODY);

    chronicle.note(new WorkerId("web", 2, 0, 1), Path.of("/there"), "exited with status 7");
    chronicle.note(new WorkerId("web", 1, 0, 1), Path.of("/here"), "");
    finishBoth(chronicle);

    assertEquals(List.of("/here", "/there"), history.last(1, "web").get(0).evidence());
    assertEquals(List.of(), history.last(1, "api").get(0).evidence());
    assertEquals(List.of(Kind.START, Kind.RESTART), kinds(history));
  }

  @Test
  void deathThatNobodyAskedForIsACrash() throws Exception {
    History history = History.open(folder.resolve("history.jsonl"));
    Chronicle chronicle = chronicle(history);

    chronicle.note(new WorkerId("web", 2, 0, 1), Path.of("/there"), "exited with status 3");
    chronicle.note(new WorkerId("web", 2, 1, 1), Path.of("/here"), "");

    RestartRecord crash = history.last(2, null).get(0);
    assertEquals(List.of(Kind.CRASH), kinds(history));
    assertEquals("web.g2/0 exited with status 3", crash.reason());
    assertEquals(List.of("/there"), crash.evidence());
    assertEquals(2, crash.from().generation());
  }

  private static void finishBoth(Chronicle chronicle) {
    chronicle.finish(new Outcome(1, "web", true, 2, 2, null, "serves", 5, 0, false), List.of());
    chronicle.finish(new Outcome(1, "api", true, 1, 1, null, "serves", 5, 0, true), List.of());
  }

  private static List<Kind> kinds(History history) throws Exception {
    return history.last(10, null).stream().map(RestartRecord::kind).toList();
  }

  private static Chronicle chronicle(History history) {
    Announcer nobody =
        new Announcer() {
          @Override
          public void tell(String line) {}

          @Override
          public void announce(Transition transition) {}

          @Override
          public void finish(Outcome outcome, List<String> output) {}
        };
    return new Chronicle(history, Runnable::run, new Copies(null, Runnable::run), nobody);
  }
}
