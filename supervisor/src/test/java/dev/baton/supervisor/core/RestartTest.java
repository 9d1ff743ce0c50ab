package dev.baton.supervisor.core;

import static dev.baton.supervisor.core.Scripted.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.supervisor.config.Timing;
import dev.baton.supervisor.core.Operation.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One restart of a service, nearly always with one worker, from every side. */
final class RestartTest {
  private static final WorkerId OLD = id(1, 0, 1);
  private static final WorkerId NEW = id(2, 0, 1);

  private final Scripted web = new Scripted(1);

  @BeforeEach
  void theOldWorkerServes() {
    web.turn();
    web.serves(OLD);
  }

  private List<String> restart() {
    return web.restart();
  }

  private String reason() {
    Outcome outcome = web.outcome;
    assertNotNull(outcome);
    return outcome.reason();
  }

  @Test
  void newIsSwitchedOnBeforeOldIsSwitchedOffAndStopped() {
    assertEquals(List.of("spawn web.g2/0"), restart());
    assertEquals(List.of("probe web.g2/0"), web.boots(NEW));
    assertEquals(List.of("switch web.g2/0 SHARED"), web.passes(NEW));
    assertEquals(List.of("switch web.g1/0 PRIVATE"), web.switched(NEW, Face.SHARED));
    assertEquals(List.of("count web.g1/0"), web.switched(OLD, Face.PRIVATE));
    assertEquals(List.of(), web.counted(OLD, 1));
    assertEquals(List.of("count web.g1/0"), web.after(1));
    assertEquals(List.of(), web.counted(OLD, 0));
    assertEquals(List.of("count web.g1/0"), web.after(1));
    assertEquals(List.of("terminate web.g1/0"), web.counted(OLD, 0));
    assertEquals(List.of("forget web.g1/0", "succeeded"), web.dies(OLD, 143));
  }

  @Test
  void secondRestartIsRefusedWhileOneRuns() {
    restart();

    assertEquals(List.of(), restart());
    Refusal refusal = web.refusal;
    assertNotNull(refusal);
    assertTrue(refusal.busy());
    assertEquals("web: a restart to generation 2 is already running", refusal.reason());
  }

  @Test
  void newThatExitsAtOnceEndsTheRestart() {
    restart();
    web.supervision.workerSpawned(NEW, 100, ArchiveUse.NONE);

    assertEquals(List.of("forget web.g2/0", "failed"), web.dies(NEW, 7));

    assertEquals("web.g2/0 exited with status 7 before it served", reason());
    assertEquals(WorkerState.SERVING, web.state(OLD));
    assertEquals(List.of("spawn web.g3/0"), restart(), "the next one may begin");
  }

  @Test
  void restartIsNotOverWhileWhatWasReplacedReturns() {
    Scripted two = new Scripted(2);
    two.turn();
    WorkerId failing = id(2, 1, 1);
    for (WorkerId old : List.of(OLD, id(1, 1, 1))) {
      two.serves(old);
    }
    two.restart();
    two.serves(NEW);
    two.drains(OLD);
    assertEquals(List.of("forget web.g1/0", "spawn web.g2/1"), two.dies(OLD, 143));

    assertEquals(List.of("forget web.g2/1", "spawn web.g1/0#2"), two.dies(failing, 7));
    assertTrue(two.supervision.isRestarting("web"), "what it wrote last is still to be told");

    two.serves(id(1, 0, 2));
    two.drains(NEW);
    assertEquals(List.of("forget web.g2/0", "failed"), two.dies(NEW, 143));
    assertFalse(two.supervision.isRestarting("web"));
  }

  @Test
  void newThatNeverAttachesIsStoppedAtItsDeadline() {
    restart();
    web.supervision.workerSpawned(NEW, 100, ArchiveUse.NONE);

    assertEquals(List.of("terminate web.g2/0"), web.after(60));
    web.dies(NEW, 143);

    assertTrue(reason().contains("no JVM attached in time"), reason());
    assertEquals(WorkerState.SERVING, web.state(OLD));
  }

  @Test
  void newThatBindsLessIsNamedWithWhatIsMissing() {
    web.supervision.workerListens(OLD, "tcp:*:9090", true, web.now);
    web.turn();
    web.switched(OLD, Face.SHARED);
    restart();

    assertEquals(List.of(), web.boots(NEW), "it is not even probed");
    web.after(60);
    web.dies(NEW, 143);

    assertTrue(reason().contains("does not listen on tcp:*:9090"), reason());
  }

  @Test
  void newThatFailsItsProbeIsNeverSwitchedOn() {
    restart();
    web.boots(NEW);
    web.supervision.probed(NEW, false, "/health answered 503", 0, web.now);
    assertEquals(List.of("probe web.g2/0"), web.after(1), "it is tried again");
    web.supervision.probed(NEW, false, "/health answered 503", 0, web.now);

    assertEquals(List.of("terminate web.g2/0"), web.after(60));
    web.dies(NEW, 143);

    assertTrue(reason().contains("/health answered 503"), reason());
    assertEquals(WorkerState.SERVING, web.state(OLD));
  }

  @Test
  void newThatCannotBeSwitchedOnIsStopped() {
    restart();
    web.boots(NEW);
    web.passes(NEW);

    assertEquals(List.of("terminate web.g2/0"), web.after(6), "no answer to the order");
    web.dies(NEW, 143);

    assertTrue(reason().contains("could not be switched on"), reason());
    assertEquals(WorkerState.SERVING, web.state(OLD));
  }

  @Test
  void oldIsTakenBackWhenNewDiesWhileItDrains() {
    restart();
    web.boots(NEW);
    web.passes(NEW);
    web.switched(NEW, Face.SHARED);
    web.switched(OLD, Face.PRIVATE);

    List<String> asked = web.dies(NEW, 137);

    assertEquals(List.of("forget web.g2/0", "switch web.g1/0 SHARED", "failed"), asked);
    web.switched(OLD, Face.SHARED);
    assertEquals(WorkerState.SERVING, web.state(OLD));
  }

  @Test
  void newIsStartedAgainWhenItDiesAfterOldIsGone() {
    restart();
    web.serves(NEW);
    web.drains(OLD);
    web.dies(OLD, 143);

    web.dies(NEW, 1);

    assertEquals(List.of("spawn web.g2/0#2"), web.after(1));
  }

  @Test
  void deathOfOldDuringTheOverlapPromotesNew() {
    restart();
    web.boots(NEW);

    assertEquals(List.of("forget web.g1/0"), web.dies(OLD, 1));
    web.passes(NEW);

    assertEquals(List.of("succeeded"), web.switched(NEW, Face.SHARED));
  }

  @Test
  void lingerEndsTheWaitForConnections() {
    restart();
    web.serves(NEW);
    web.switched(OLD, Face.PRIVATE);
    web.counted(OLD, 3);

    List<String> asked = web.after(30);
    assertTrue(asked.contains("diagnose web.g1/0"), asked.toString());
    assertFalse(asked.contains("terminate web.g1/0"), asked.toString());
    web.supervision.diagnosed(OLD, web.now);
    assertTrue(web.turn().contains("terminate web.g1/0"));
  }

  @Test
  void oldMayAnswerLateThatItIsSwitchedOff() {
    restart();
    web.serves(NEW);

    assertFalse(web.after(28).contains("terminate web.g1/0"), "its clients would be cut");
    assertTrue(web.drains(OLD).contains("terminate web.g1/0"));
  }

  @Test
  void oldThatNeverAnswersIsStoppedWhenItsLingerIsOver() {
    restart();
    web.serves(NEW);

    assertTrue(web.after(30).contains("terminate web.g1/0"));
    assertTrue(
        web.told.contains(OLD + " STOPPING: could not be switched off: no answer in time"),
        web.told.toString());
  }

  @Test
  void oldWithoutALingerIsSwitchedOffAllTheSame() {
    Timing plain = Timing.DEFAULT;
    Timing brief = new Timing(plain.start(), Duration.ZERO, plain.stop(), plain.stopSignal());
    Scripted hasty = Scripted.serving(Scripted.web(1).timing(brief));
    hasty.restart();
    hasty.serves(NEW);

    assertFalse(hasty.after(4).contains("terminate web.g1/0"), "it has a moment to answer");
    assertTrue(hasty.switched(OLD, Face.PRIVATE).contains("terminate web.g1/0"));
  }

  @Test
  void lingerDoesNotWaitForADiagnosisForEver() {
    restart();
    web.serves(NEW);
    web.switched(OLD, Face.PRIVATE);
    web.counted(OLD, 3);

    web.after(30);
    assertFalse(web.after(2).contains("terminate web.g1/0"));
    assertTrue(web.after(1).contains("terminate web.g1/0"));
  }

  @Test
  void diagnosisThatComesLateEndsNoOtherWait() {
    restart();
    web.serves(NEW);
    web.switched(OLD, Face.PRIVATE);
    web.counted(OLD, 3);
    web.after(30);
    web.after(3);

    web.supervision.diagnosed(OLD, web.now);

    assertEquals(List.of(), web.turn());
    assertEquals(WorkerState.STOPPING, web.state(OLD));
  }

  @Test
  void stopDeadlineDumpsThreadsThenKills() {
    restart();
    web.serves(NEW);
    web.drains(OLD);

    assertEquals(List.of("diagnose web.g1/0"), web.after(10));
    assertEquals(List.of(), web.after(2));
    assertEquals(List.of("kill web.g1/0"), web.after(1));
    assertEquals(List.of("kill web.g1/0"), web.after(5), "again, if it is still there");
    assertEquals(List.of("forget web.g1/0", "succeeded"), web.dies(OLD, 137));
  }

  @Test
  void killFollowsTheDiagnosisAtOnce() {
    restart();
    web.serves(NEW);
    web.drains(OLD);
    web.after(10);

    web.supervision.diagnosed(OLD, web.now);

    assertEquals(List.of("kill web.g1/0"), web.turn());
  }

  @Test
  void remainsAreKeptOfThoseThatDieAndOfThoseThatCrashAtTheirEnd() {
    restart();
    web.boots(NEW);
    web.dies(NEW, 3);
    assertEquals("exited with status 3 before it served", web.remains.get(NEW));

    web.supervision.stop(web.now);
    web.turn();
    web.drains(OLD);
    web.dies(OLD, 134);

    assertEquals("", web.remains.get(OLD), "it was told to end");
  }

  @Test
  void nothingIsKeptOfThoseThatEndAsTheyWereTold() {
    restart();
    web.serves(NEW);
    web.leaves(OLD);

    assertEquals(Map.of(), web.remains);
  }

  @Test
  void stopDuringARestartEndsBoth() {
    restart();
    web.boots(NEW);

    web.supervision.stop(web.now);

    assertEquals(
        List.of("terminate web.g2/0", "switch web.g1/0 PRIVATE", "failed"),
        web.turn().stream().sorted((a, b) -> b.compareTo(a)).toList());
    web.dies(NEW, 143);
    web.drains(OLD);
    web.dies(OLD, 143);
    assertTrue(web.supervision.isFinished());
    assertTrue(reason().contains("told to stop"), reason());
  }
}
