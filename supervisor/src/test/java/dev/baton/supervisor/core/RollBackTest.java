package dev.baton.supervisor.core;

import static dev.baton.supervisor.core.Scripted.id;
import static dev.baton.supervisor.core.Scripted.serving;
import static dev.baton.supervisor.core.Scripted.web;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.baton.supervisor.config.RestartPolicy;
import dev.baton.supervisor.config.RestartPolicy.OnFailure;
import dev.baton.supervisor.core.Operation.Kind;
import dev.baton.supervisor.core.Operation.Refusal;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The way back to the generation before, and who is kept for it. */
final class RollBackTest {
  private static final WorkerId FIRST = id(1, 0, 1);
  private static final WorkerId SECOND = id(2, 0, 1);

  private static List<String> rollBack(Scripted web) {
    web.refusal = web.begin(Kind.ROLLBACK);
    return web.turn();
  }

  /** Generation 2 serves, generation 1 is parked for ten minutes. */
  private static Scripted parked() {
    Scripted web = serving(web(1).restart(Policies.parking(10)));
    web.restart();
    web.serves(SECOND);
    assertEquals(List.of("succeeded"), web.drains(FIRST));
    return web;
  }

  @Test
  void drainedOldIsParkedWhenTheRestartIsOver() {
    Scripted web = parked();

    assertEquals(WorkerState.PARKED, web.state(FIRST));
    assertEquals(2, web.status().generation());
  }

  @Test
  void rollBackToAParkedGenerationIsTwoSwitchesAndNoLaunch() {
    Scripted web = parked();

    assertEquals(List.of("switch web.g1/0 SHARED"), rollBack(web));
    assertEquals(List.of("switch web.g2/0 PRIVATE"), web.switched(FIRST, Face.SHARED));
    assertEquals(List.of("succeeded"), web.drains(SECOND));

    assertEquals("generation 1 serves", web.reason());
    assertEquals(1, web.status().generation());
    assertEquals(WorkerState.PARKED, web.state(SECOND));
  }

  @Test
  void rollBackOfTheRollBackGoesForthAgain() {
    Scripted web = parked();
    rollBack(web);
    web.switched(FIRST, Face.SHARED);
    web.drains(SECOND);

    assertEquals(List.of("switch web.g2/0 SHARED"), rollBack(web));
    assertEquals(List.of("switch web.g1/0 PRIVATE"), web.switched(SECOND, Face.SHARED));
    assertEquals(List.of("succeeded"), web.drains(FIRST));

    assertEquals(2, web.status().generation());
  }

  @Test
  void parkedIsStoppedAtItsDeadline() {
    Scripted web = parked();

    assertEquals(List.of(), web.after(599));
    assertEquals(List.of("terminate web.g1/0"), web.after(1));
  }

  @Test
  void rollBackWithoutParkedLaunchesTheOldGenerationAgain() {
    Scripted web = serving(web(1));
    web.restart();
    web.serves(SECOND);
    web.leaves(FIRST);

    assertEquals(List.of("spawn web.g1/0#2"), rollBack(web));
    web.serves(id(1, 0, 2));
    assertEquals(List.of("forget web.g2/0", "succeeded"), web.leaves(SECOND));

    assertEquals(1, web.status().generation());
  }

  @Test
  void parkedThatDiedIsLaunchedAgain() {
    Scripted web = parked();
    assertEquals(List.of("forget web.g1/0"), web.dies(FIRST, 137));

    assertEquals(List.of("spawn web.g1/0#2"), rollBack(web));
  }

  @Test
  void parkedThatDiesOnItsWayBackIsLaunchedAgain() {
    Scripted web = parked();
    rollBack(web);

    assertEquals(List.of("forget web.g1/0", "spawn web.g1/0#2"), web.dies(FIRST, 137));
    assertEquals(WorkerState.SERVING, web.state(SECOND));
  }

  @Test
  void withoutAnEarlierGenerationThereIsNothingToReturnTo() {
    Scripted web = serving(web(1));

    assertEquals(List.of(), rollBack(web));

    Refusal refusal = web.refusal;
    assertNotNull(refusal);
    assertFalse(refusal.busy(), "waiting does not help");
    assertEquals("web: there is no generation to return to", refusal.reason());
  }

  @Test
  void failedRestartIsNothingToReturnTo() {
    Scripted web = serving(web(1));
    web.restart();
    web.boots(SECOND);
    web.dies(SECOND, 1);

    assertEquals(List.of(), rollBack(web));
    assertNotNull(web.refusal);
  }

  @Test
  void haltedRestartIsTakenBackByARollBackOfTheSlotsItReplaced() {
    RestartPolicy halts = RestartPolicy.DEFAULT.with(OnFailure.HALT);
    Scripted web = serving(web(2).restart(halts));
    web.restart();
    web.serves(SECOND);
    web.leaves(FIRST);
    web.boots(id(2, 1, 1));
    web.dies(id(2, 1, 1), 1);

    assertEquals(List.of("spawn web.g1/0#2"), rollBack(web));
    web.serves(id(1, 0, 2));
    assertEquals(List.of("forget web.g2/0", "succeeded"), web.leaves(SECOND));

    assertEquals(WorkerState.SERVING, web.state(id(1, 1, 1)), "it was there already");
  }

  @Test
  void copiesAreDiscardedWhenNobodyCanReturnToThem() {
    Scripted web = serving(web(1));
    web.restart();
    web.serves(SECOND);
    web.leaves(FIRST);
    assertEquals(Set.of(), web.discarded, "generation 1 may be returned to");

    web.restart();
    web.serves(id(3, 0, 1));
    web.leaves(SECOND);

    assertEquals(Set.of("web.g1"), web.discarded);
  }

  @Test
  void copiesOfAFailedGenerationAreDiscarded() {
    Scripted web = serving(web(1));
    web.restart();
    web.boots(SECOND);
    web.dies(SECOND, 1);

    assertEquals(Set.of("web.g2"), web.discarded);
  }
}
