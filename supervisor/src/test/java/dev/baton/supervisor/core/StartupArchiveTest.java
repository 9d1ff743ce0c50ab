package dev.baton.supervisor.core;

import static dev.baton.supervisor.core.Scripted.id;
import static dev.baton.supervisor.core.Scripted.web;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.baton.supervisor.config.ArchivePolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a class-data archive is made, and what becomes of a worker that fails with one. */
final class StartupArchiveTest {
  private static final WorkerId OLD = id(1, 0, 1);
  private static final WorkerId NEW = id(2, 0, 1);
  private static final WorkerId AGAIN = id(2, 0, 2);
  private static final ArchivePolicy AFTER_A_MINUTE =
      new ArchivePolicy(ArchivePolicy.Mode.AUTO, Duration.ofMinutes(1));

  private final Scripted web = new Scripted(web(1).archive(AFTER_A_MINUTE).build());

  private void serves(WorkerId id, ArchiveUse use) {
    web.boots(id);
    web.supervision.workerSpawned(id, 100, use);
    web.passes(id);
    web.switched(id, Face.SHARED);
  }

  /** What is asked for in so many seconds, but for signs of life. */
  private List<String> after(int seconds) {
    List<String> asked = web.after(seconds);
    web.pinged.forEach(web.supervision::heard);
    web.pinged.clear();
    return asked;
  }

  @Test
  void isMadeOnceOfWhatAWorkerHasLoadedThatServedForAWhile() {
    web.turn();
    serves(OLD, ArchiveUse.TRAINS);

    assertEquals(List.of(), after(59));
    assertEquals(List.of("archive web.g1/0"), after(1));
    assertEquals(List.of(), after(60));
  }

  @Test
  void isNotMadeOfAWorkerThatHasOneOrCannot() {
    web.turn();
    serves(OLD, ArchiveUse.USES);
    assertEquals(List.of(), after(120));

    web.restart();
    serves(NEW, ArchiveUse.NONE);
    web.drains(OLD);
    web.dies(OLD, 143);
    assertEquals(List.of(), after(120));
  }

  @Test
  void whoFailsWithOneIsLaunchedAgainWithoutAndTheRestartGoesOn() {
    web.turn();
    serves(OLD, ArchiveUse.NONE);
    web.restart();
    web.supervision.workerSpawned(NEW, 100, ArchiveUse.USES);

    assertEquals(
        List.of("set-aside web.g2/0", "forget web.g2/0", "spawn web.g2/0#2"), web.dies(NEW, 1));

    serves(AGAIN, ArchiveUse.NONE);
    web.drains(OLD);
    assertEquals(List.of("forget web.g1/0", "succeeded"), web.dies(OLD, 143));
  }

  @Test
  void whoIsNotReadyInTimeWithOneIsLaunchedAgainWhenItIsGone() {
    web.turn();
    serves(OLD, ArchiveUse.NONE);
    web.restart();
    web.supervision.workerSpawned(NEW, 100, ArchiveUse.USES);

    assertEquals(List.of("terminate web.g2/0"), after(60));
    assertEquals(
        List.of("set-aside web.g2/0", "forget web.g2/0", "spawn web.g2/0#2"), web.dies(NEW, 143));
  }

  @Test
  void whoFailsAgainWithoutOneEndsTheRestart() {
    web.turn();
    serves(OLD, ArchiveUse.NONE);
    web.restart();
    web.supervision.workerSpawned(NEW, 100, ArchiveUse.USES);
    web.dies(NEW, 1);
    web.supervision.workerSpawned(AGAIN, 100, ArchiveUse.NONE);

    assertEquals(List.of("forget web.g2/0#2", "failed"), web.dies(AGAIN, 1));

    Outcome outcome = web.outcome;
    assertNotNull(outcome);
    assertEquals("web.g2/0#2 exited with status 1 before it served", outcome.reason());
    assertEquals(WorkerState.SERVING, web.state(OLD));
  }

  @Test
  void whoCrashesWithOneLaterIsNotGivenItAgain() {
    web.turn();
    serves(OLD, ArchiveUse.USES);

    assertEquals(
        List.of("set-aside web.g1/0", "forget web.g1/0"), web.dies(OLD, 128 + 6), "by SIGABRT");
  }

  @Test
  void whoExitsLaterHasNotFailedBecauseOfIt() {
    web.turn();
    serves(OLD, ArchiveUse.USES);
    after(1);

    assertEquals(List.of("forget web.g1/0"), web.dies(OLD, 1));
  }

  @Test
  void whoIsToldToStopHasNotFailed() {
    web.turn();
    serves(OLD, ArchiveUse.USES);
    web.restart();
    web.supervision.workerSpawned(NEW, 100, ArchiveUse.USES);

    web.supervision.stop(web.now);
    assertEquals(List.of("switch web.g1/0 PRIVATE", "failed", "terminate web.g2/0"), web.turn());
    assertEquals(List.of("forget web.g2/0"), web.dies(NEW, 143));
  }
}
