package dev.baton.supervisor.core;

import static dev.baton.supervisor.core.Scripted.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.supervisor.config.RestartPolicy;
import dev.baton.supervisor.config.RestartPolicy.OnFailure;
import dev.baton.supervisor.config.ServiceConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A service outside of restarts, and with several workers. */
final class ServiceTest {
  private static final WorkerId FIRST = id(1, 0, 1);

  private final Scripted web = new Scripted(1);

  @Test
  void firstWorkerServesOnceItsGateIsPassed() {
    assertEquals(List.of("spawn web.g1/0"), web.turn());
    assertEquals(List.of("probe web.g1/0"), web.boots(FIRST));
    assertEquals(List.of("switch web.g1/0 SHARED"), web.passes(FIRST));
    web.switched(FIRST, Face.SHARED);

    assertEquals(WorkerState.SERVING, web.state(FIRST));
    assertEquals(ServiceStatus.Phase.SERVING, web.status().phase());
  }

  @Test
  void serviceThatNeverServedEndsWithItsReason() {
    web.turn();
    web.supervision.workerSpawned(FIRST, 100, ArchiveUse.NONE);

    web.dies(FIRST, 1);

    Outcome failure = web.supervision.startFailure();
    assertNotNull(failure);
    assertEquals("web.g1/0 exited with status 1 before it served", failure.reason());
    assertTrue(web.supervision.isFinished());
  }

  @Test
  void crashedWorkerIsStartedAgainLaterEachTime() {
    web.turn();
    web.serves(FIRST);

    assertEquals(List.of("forget web.g1/0"), web.dies(FIRST, 1));
    assertBackOff(100);
    assertEquals(List.of("spawn web.g1/0#2"), web.after(1));
    web.supervision.workerSpawned(id(1, 0, 2), 100, ArchiveUse.NONE);
    web.dies(id(1, 0, 2), 1);

    assertBackOff(200);
  }

  @Test
  void steadyServiceForgivesEarlierCrashes() {
    web.turn();
    web.serves(FIRST);
    web.dies(FIRST, 1);
    web.after(1);
    web.serves(id(1, 0, 2));
    web.after(3600);

    web.dies(id(1, 0, 2), 1);

    assertBackOff(100);
  }

  /** Up to a quarter more, so that not all that failed together return together. */
  private void assertBackOff(long millis) {
    long waits = (web.supervision.nextDeadline(web.now) - web.now) / 1_000_000;
    assertTrue(millis <= waits && waits <= millis * 5 / 4, waits + " ms");
  }

  @Test
  void stopDrainsBeforeItTerminates() {
    web.turn();
    web.serves(FIRST);

    web.supervision.stop(web.now);

    assertEquals(List.of("switch web.g1/0 PRIVATE"), web.turn());
    assertEquals(List.of("terminate web.g1/0"), web.drains(FIRST));
    web.dies(FIRST, 143);
    assertTrue(web.supervision.isFinished());
  }

  @Test
  void hurryStopsWhoIsStillDraining() {
    web.turn();
    web.serves(FIRST);
    web.supervision.stop(web.now);
    web.turn();
    web.switched(FIRST, Face.PRIVATE);
    web.counted(FIRST, 3);

    web.supervision.hurry(web.now);

    assertEquals(List.of("terminate web.g1/0"), web.turn());
    web.dies(FIRST, 143);
    assertTrue(web.supervision.isFinished());
  }

  @Test
  void stopDuringBackOffStartsNobody() {
    web.turn();
    web.serves(FIRST);
    web.dies(FIRST, 1);

    web.supervision.stop(web.now);

    assertEquals(List.of(), web.after(60));
    assertTrue(web.supervision.isFinished());
  }

  @Test
  void listenerThatComesLateIsSwitchedOnToo() {
    web.turn();
    web.serves(FIRST);

    web.supervision.workerListens(FIRST, "tcp:*:9090", true, web.now);

    assertEquals(List.of("switch web.g1/0 SHARED"), web.turn());
  }

  @Test
  void workerThatCannotBeSwitchedServesWithoutAndIsStoppedWithout() {
    web.turn();
    web.supervision.workerSpawned(FIRST, 100, ArchiveUse.NONE);
    web.supervision.workerAttached(FIRST, 101, web.now);
    web.supervision.workerListens(FIRST, Scripted.PORT, false, web.now);

    assertEquals(List.of(), web.turn());
    assertEquals(WorkerState.SERVING, web.state(FIRST));
    web.supervision.stop(web.now);

    assertEquals(List.of("terminate web.g1/0"), web.turn());
  }

  @Test
  void scriptMayEndBeforeTheJvmItStarted() {
    web.turn();
    web.serves(FIRST);

    web.supervision.workerExited(FIRST, 0);

    assertEquals(List.of(), web.turn());
    assertEquals(WorkerState.SERVING, web.state(FIRST));
  }

  /** The last of its connection is read a little later than its exit status. */
  @Test
  void jvmThatWasLaunchedItselfIsGoneWithItsExit() {
    web.turn();
    web.supervision.workerSpawned(FIRST, 100, ArchiveUse.NONE);
    web.supervision.workerAttached(FIRST, 100, web.now);

    web.supervision.workerExited(FIRST, 1);

    assertEquals(List.of("forget web.g1/0"), web.turn());
  }

  /** Its JVM is about to end: whoever serves beside it may be the last. */
  @Test
  void workerThatHungUpDoesNotLetAnotherLeave() {
    Scripted two = Scripted.serving(Scripted.web(2));
    two.supervision.workerDetached(id(1, 0, 1));

    two.begin(new Operation.Step("web", Operation.Kind.SCALE, 1, null));

    assertEquals(List.of(), two.turn());
    two.supervision.workerExited(id(1, 0, 1), 1);
    assertEquals(List.of("forget web.g1/0"), two.turn());
    two.after(1);
    two.boots(id(1, 0, 2));
    two.passes(id(1, 0, 2));
    assertEquals(List.of("switch web.g1/1 PRIVATE"), two.switched(id(1, 0, 2), Face.SHARED));
  }

  @Test
  void factsAboutStrangersChangeNothing() {
    web.turn();
    web.serves(FIRST);
    WorkerId stranger = id(9, 0, 1);

    web.supervision.workerExited(stranger, 1);
    web.supervision.switched(stranger, Face.PRIVATE, "", web.now);

    assertEquals(List.of(), web.turn());
  }

  @Test
  void severalWorkersAreReplacedOneByOne() {
    Scripted three = threeServing(OnFailure.ROLLBACK);
    three.restart();

    for (int slot = 0; slot < 3; slot++) {
      assertEquals(4, three.status().workers().size(), "one more, never two");
      three.serves(id(2, slot, 1));
      three.drains(id(1, slot, 1));
      three.dies(id(1, slot, 1), 143);
    }

    assertEquals(2, three.status().generation());
    assertEquals(3, three.status().workers().size());
  }

  @Test
  void failureInTheMiddleReturnsWhatWasReplaced() {
    Scripted three = threeServing(OnFailure.ROLLBACK);
    three.restart();
    three.serves(id(2, 0, 1));
    three.drains(id(1, 0, 1));
    three.dies(id(1, 0, 1), 143);
    three.supervision.workerSpawned(id(2, 1, 1), 100, ArchiveUse.NONE);

    assertEquals(List.of("forget web.g2/1", "spawn web.g1/0#2"), three.dies(id(2, 1, 1), 1));
    three.serves(id(1, 0, 2));
    three.drains(id(2, 0, 1));
    assertEquals(List.of("forget web.g2/0", "failed"), three.dies(id(2, 0, 1), 143));

    for (WorkerId serves : List.of(id(1, 0, 2), id(1, 1, 1), id(1, 2, 1))) {
      assertEquals(WorkerState.SERVING, three.state(serves));
    }
  }

  @Test
  void failureInTheMiddleStopsWhereItStandsIfThePolicySaysSo() {
    Scripted three = threeServing(OnFailure.HALT);
    three.restart();
    three.serves(id(2, 0, 1));
    three.drains(id(1, 0, 1));
    three.dies(id(1, 0, 1), 143);
    three.supervision.workerSpawned(id(2, 1, 1), 100, ArchiveUse.NONE);

    assertEquals(List.of("forget web.g2/1", "failed"), three.dies(id(2, 1, 1), 1));

    for (WorkerId serves : List.of(id(2, 0, 1), id(1, 1, 1), id(1, 2, 1))) {
      assertEquals(WorkerState.SERVING, three.state(serves));
    }
  }

  private static Scripted threeServing(OnFailure onFailure) {
    RestartPolicy policy = RestartPolicy.DEFAULT.with(onFailure);
    Scripted three =
        new Scripted(
            ServiceConfig.running("web", List.of("java")).workers(3).restart(policy).build());
    assertEquals(List.of("spawn web.g1/0", "spawn web.g1/1", "spawn web.g1/2"), three.turn());
    for (int slot = 0; slot < 3; slot++) {
      three.serves(id(1, slot, 1));
    }
    return three;
  }
}
