package dev.baton.supervisor.core;

import static dev.baton.supervisor.core.Scripted.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.Gate;
import dev.baton.supervisor.config.Readiness;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.config.WarmUp;
import dev.baton.supervisor.core.Operation.Kind;
import dev.baton.supervisor.core.Operation.Step;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A worker that boots beside one that serves has a lower weight until it is ready. */
final class GentleStartTest {
  private static final WorkerId FIRST = id(1, 0, 1);
  private static final WorkerId NEXT = id(2, 0, 1);

  private static ServiceConfig.Builder web(int workers) {
    return Scripted.web(workers).gentleStart(true);
  }

  /** A restart whose worker has passed all that was asked of it. */
  private static Scripted raising() {
    Scripted web = Scripted.serving(web(1));
    web.raises = false;
    web.restart();
    web.boots(NEXT);
    assertEquals(List.of("raise " + NEXT), web.passes(NEXT));
    web.told.clear();
    return web;
  }

  @Test
  void firstWorkersDisturbNobody() {
    Scripted web = Scripted.serving(web(2));

    assertEquals(Set.of(), web.lowered);
  }

  @Test
  void workerOfRestartIsSwitchedOnWhenItIsRaised() {
    Scripted web = raising();
    assertEquals(Set.of(NEXT), web.lowered);
    assertEquals(WorkerState.WARMING, web.state(NEXT));

    web.supervision.raised(NEXT, "", web.now);

    assertEquals(List.of("switch " + NEXT + " SHARED"), web.turn());
    assertEquals(List.of(NEXT + " READY: fine"), web.told);
  }

  @Test
  void oneThatCannotBeRaisedServesAllTheSame() {
    Scripted web = raising();

    web.supervision.raised(NEXT, "3 threads: renice failed", web.now);

    assertEquals(List.of("switch " + NEXT + " SHARED"), web.turn());
    assertEquals(
        List.of(NEXT + " READY: fine; has a lower weight still: 3 threads: renice failed"),
        web.told);
  }

  @Test
  void raiseThatDoesNotEndKeepsNobodyFromServing() {
    Scripted web = raising();

    assertEquals(List.of(), web.after(4));
    assertEquals(List.of("switch " + NEXT + " SHARED"), web.after(2));
    assertTrue(web.told.get(0).contains("fine; may have a lower weight: no answer in time"));
    web.supervision.raised(NEXT, "", web.now);
    assertEquals(List.of(), web.turn());
  }

  @Test
  void lateProbeAsksForNothing() {
    Scripted web = raising();

    assertEquals(List.of(), web.passes(NEXT));
  }

  @Test
  void workerThatDiesMeanwhileIsForgotten() {
    Scripted web = raising();

    assertTrue(web.dies(NEXT, 1).contains("forget " + NEXT));
    web.supervision.raised(NEXT, "", web.now);
    assertEquals(List.of(), web.turn());
  }

  @Test
  void replacementAndOneMoreAreGentleIfSomebodyServes() {
    Scripted web = Scripted.serving(web(2));

    web.dies(FIRST, 1);
    web.after(1);
    web.serves(id(1, 0, 2));
    web.begin(new Step("web", Kind.SCALE, 3, null));
    web.turn();

    assertEquals(Set.of(id(1, 0, 2), id(1, 2, 1)), web.lowered);
  }

  @Test
  void replacementOfTheOnlyOneDisturbsNobody() {
    Scripted web = Scripted.serving(web(1));

    web.dies(FIRST, 1);

    assertTrue(web.after(1).contains("spawn " + id(1, 0, 2)));
    assertEquals(Set.of(), web.lowered);
  }

  @Test
  void serviceMayHaveNone() {
    Scripted web = Scripted.serving(web(1).gentleStart(false));

    web.restart();

    assertEquals(Set.of(), web.lowered);
  }

  @Test
  void isRaisedWhenItIsWarm() {
    Readiness gates = Readiness.of(ImmutableList.of(new Gate.Tcp(Gate.DEFAULT_TIMEOUT)));
    WarmUp how = WarmUp.of(ImmutableList.of("/"), Duration.ofSeconds(30));
    Scripted web = new Scripted(web(1).readiness(gates.with(how)).build());
    web.raises = false;
    web.turn();
    web.boots(FIRST);
    web.passes(FIRST);
    web.supervision.warmedUp(FIRST, true, "warm", web.now);
    web.turn();
    web.switched(FIRST, Face.SHARED);
    web.restart();
    web.boots(NEXT);
    assertEquals(List.of("warm up " + NEXT), web.passes(NEXT));

    web.supervision.warmedUp(NEXT, true, "warm", web.now);

    assertEquals(List.of("raise " + NEXT), web.turn());
  }

  @Test
  void oneThatCannotBeSwitchedIsRaisedAsSoonAsItListens() {
    Scripted web = Scripted.serving(web(1));
    web.raises = false;
    web.restart();
    web.supervision.workerSpawned(NEXT, 100, ArchiveUse.NONE);
    web.supervision.workerAttached(NEXT, 101, web.now);
    web.supervision.workerListens(NEXT, Scripted.PORT, false, web.now);
    assertEquals(List.of("raise " + NEXT), web.turn());

    web.supervision.raised(NEXT, "", web.now);

    web.turn();
    assertEquals(WorkerState.SERVING, web.state(NEXT));
  }

  @Test
  void oneThatAnotherSupervisorHasLaunchedIsRaisedToo() {
    Scripted before = raising();
    Scripted web = new Scripted(before.supervision.snapshot());
    web.raises = false;
    web.supervision.workerReattached(FIRST, 101, Set.of(Scripted.PORT), true, true, web.now);
    web.supervision.workerReattached(NEXT, 102, Set.of(Scripted.PORT), true, false, web.now);
    web.turn();

    assertEquals(List.of("raise " + NEXT), web.passes(NEXT));
  }
}
