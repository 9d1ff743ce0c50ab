package dev.baton.supervisor.core;

import static dev.baton.supervisor.core.Scripted.id;
import static dev.baton.supervisor.core.Scripted.serving;
import static dev.baton.supervisor.core.Scripted.web;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.supervisor.config.RestartPolicy.Compare;
import dev.baton.supervisor.config.RestartPolicy.Strategy;
import dev.baton.supervisor.config.ServiceConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What each strategy does before what, and what becomes of a canary that does not do well. */
final class StrategyTest {
  private static final WorkerId CANARY = id(2, 0, 1);
  private static final WorkerId HELD = id(1, 0, 1);
  private static final WorkerId BACK = id(1, 1, 1);

  @Test
  void allAtOnceSwitchesNobodyBeforeAllAreReady() {
    Scripted web = serving(web(2).restart(Policies.with(Strategy.ALL_AT_ONCE)));

    assertEquals(List.of("spawn web.g2/0", "spawn web.g2/1"), web.restart());
    web.boots(id(2, 0, 1));
    assertEquals(List.of(), web.passes(id(2, 0, 1)), "it waits for its sibling");
    web.boots(id(2, 1, 1));
    assertEquals(
        List.of("switch web.g2/0 SHARED", "switch web.g2/1 SHARED"), web.passes(id(2, 1, 1)));
  }

  @Test
  void allAtOnceDrainsNobodyBeforeAllServe() {
    Scripted web = serving(web(2).restart(Policies.with(Strategy.ALL_AT_ONCE)));
    allAreReady(web);

    assertEquals(List.of(), web.switched(id(2, 0, 1), Face.SHARED), "the other is on its way");
    assertEquals(
        List.of("switch web.g1/0 PRIVATE", "switch web.g1/1 PRIVATE"),
        web.switched(id(2, 1, 1), Face.SHARED));
  }

  @Test
  void allAtOnceThatFailsInOneSlotSwitchesNobody() {
    Scripted web = serving(web(2).restart(Policies.with(Strategy.ALL_AT_ONCE)));
    web.restart();
    web.boots(id(2, 0, 1));
    web.passes(id(2, 0, 1));
    web.supervision.workerSpawned(id(2, 1, 1), 100, ArchiveUse.NONE);

    assertEquals(List.of("forget web.g2/1", "terminate web.g2/0"), web.dies(id(2, 1, 1), 1));
    assertEquals(List.of("forget web.g2/0", "failed"), web.dies(id(2, 0, 1), 143));

    assertEquals("web.g2/1 exited with status 1 before it served", web.reason());
    assertAllServe(web, 2);
  }

  @Test
  void allAtOnceThatFailsBetweenTheSwitchesLeavesTheOldWhereTheyServe() {
    Scripted web = serving(web(2).restart(Policies.with(Strategy.ALL_AT_ONCE)));
    allAreReady(web);
    web.switched(id(2, 0, 1), Face.SHARED);

    List<String> asked = web.dies(id(2, 0, 1), 1);

    assertEquals(List.of("forget web.g2/0", "switch web.g2/1 PRIVATE"), asked);
    assertAllServe(web, 2);
  }

  private static void allAreReady(Scripted web) {
    web.restart();
    for (int slot = 0; slot < web.status().wanted(); slot++) {
      web.boots(id(2, slot, 1));
      web.passes(id(2, slot, 1));
    }
  }

  private static void assertAllServe(Scripted web, int workers) {
    for (int slot = 0; slot < workers; slot++) {
      assertEquals(WorkerState.SERVING, web.state(id(1, slot, 1)));
    }
  }

  @Test
  void workerOnItsWayBackIsNotStoppedByACountAskedForBefore() {
    Scripted web = madeRoom();
    web.switched(BACK, Face.PRIVATE);
    web.counted(BACK, 0);
    web.after(1); // the second count is asked for, and not answered yet

    assertEquals(List.of("forget web.g2/0", "switch web.g1/1 SHARED", "failed"), diesAtStart(web));
    assertEquals(List.of(), web.counted(BACK, 0));
    web.switched(BACK, Face.SHARED);

    assertAllServe(web, 2);
  }

  @Test
  void workerOnItsWayBackIsNotStoppedBecauseItsLingerIsOver() {
    Scripted web = madeRoom();
    web.switched(BACK, Face.PRIVATE);
    web.counted(BACK, 1);
    web.after(29);

    assertEquals(List.of("forget web.g2/0", "switch web.g1/1 SHARED", "failed"), diesAtStart(web));
    assertEquals(List.of(), web.after(1));
    web.switched(BACK, Face.SHARED);

    assertAllServe(web, 2);
  }

  @Test
  void workerIsToldHowLongItsConnectionsMayTake() {
    Scripted web = madeRoom();

    assertEquals(Map.of(BACK, 30 * Scripted.SECOND), web.drained);
  }

  @Test
  void workerThatHasClosedItsListenerDoesNotComeBack() {
    Scripted web = madeRoom();
    web.switched(BACK, Face.PRIVATE);
    web.counted(BACK, 1);
    web.supervision.workerReleased(BACK, Scripted.PORT, web.now);

    assertEquals(List.of("forget web.g2/0", "spawn web.g1/1#2"), diesAtStart(web));
    web.counted(BACK, 0);
    web.after(1);
    assertEquals(List.of("terminate web.g1/1"), web.counted(BACK, 0));
    web.dies(BACK, 143);
    web.serves(id(1, 1, 2));

    assertEquals(
        "web.g2/0 exited with status 1 before it served; returned to generation 1", web.reason());
    assertEquals(WorkerState.SERVING, web.state(id(1, 1, 2)));
  }

  @Test
  void workerThatHasClosedItsListenerIsNotParked() {
    Scripted web = serving(web(1).restart(Policies.parking(5)));
    web.restart();
    web.serves(id(2, 0, 1));
    web.switched(HELD, Face.PRIVATE);
    web.supervision.workerReleased(HELD, Scripted.PORT, web.now);
    web.counted(HELD, 0);
    web.after(1);

    assertEquals(List.of("terminate web.g1/0"), web.counted(HELD, 0));
  }

  @Test
  void parkedWorkerThatClosesItsListenerIsStopped() {
    Scripted web = serving(web(1).restart(Policies.parking(5)));
    web.restart();
    web.serves(id(2, 0, 1));
    web.drains(HELD);
    assertEquals(WorkerState.PARKED, web.state(HELD));

    web.supervision.workerReleased(HELD, Scripted.PORT, web.now);

    assertEquals(List.of("terminate web.g1/0"), web.turn());
  }

  /** Its second worker makes room while the first serves beside who follows it. */
  private static Scripted madeRoom() {
    Scripted web = serving(web(2).restart(Policies.rolling(1, 1)));
    assertEquals(List.of("spawn web.g2/0", "switch web.g1/1 PRIVATE"), web.restart());
    return web;
  }

  private static List<String> diesAtStart(Scripted web) {
    web.supervision.workerSpawned(id(2, 0, 1), 100, ArchiveUse.NONE);
    return web.dies(id(2, 0, 1), 1);
  }

  @Test
  void canaryIsOneSlotThenASoakThenTheRest() {
    Scripted web = serving(web(3).restart(Policies.canary(30, Compare.NONE)));

    assertEquals(List.of("spawn web.g2/0"), web.restart());
    web.serves(CANARY);
    web.drains(HELD);
    assertEquals(WorkerState.PARKED, web.state(HELD), "held, not stopped");
    assertEquals(List.of(), web.after(28));
    assertEquals(List.of("spawn web.g2/1", "terminate web.g1/0"), web.after(1));
    web.dies(HELD, 143);
    web.serves(id(2, 1, 1));
    assertEquals(List.of("forget web.g1/1", "spawn web.g2/2"), web.leaves(id(1, 1, 1)));
    web.serves(id(2, 2, 1));

    assertEquals(List.of("forget web.g1/2", "succeeded"), web.leaves(id(1, 2, 1)));
  }

  @Test
  void canaryThatDiesInItsSoakIsUndone() {
    Scripted web = soaking(Compare.NONE);

    assertEquals(List.of("forget web.g2/0", "switch web.g1/0 SHARED"), web.dies(CANARY, 1));
    assertEquals(List.of("failed"), web.switched(HELD, Face.SHARED));

    assertEquals(
        "the canary generation 2 exited with status 1 while it served in its soak; returned to"
            + " generation 1",
        web.reason());
    assertNotNull(web.outcome);
    assertEquals(CANARY, web.outcome.failed());
    assertAllServe(web, 2);
  }

  @Test
  void canaryWhoseLogHasTheLineIsUndone() {
    Scripted web = serving(canary(new Compare(false, 0, "OutOfMemory")));
    web.restart();
    web.boots(CANARY);
    web.passes(CANARY);
    web.switched(CANARY, Face.SHARED);
    assertTrue(web.switched(HELD, Face.PRIVATE).contains("search web.g2/0 OutOfMemory"));

    web.supervision.outputSearched(CANARY, null);
    assertTrue(web.after(1).contains("search web.g2/0 OutOfMemory"), "again and again");
    web.supervision.outputSearched(CANARY, "java.lang.OutOfMemoryError");

    assertUndone(web, web.turn());
    assertEquals(
        "the canary generation 2 wrote: java.lang.OutOfMemoryError; returned to generation 1",
        web.reason());
  }

  @Test
  void canaryThatFailsOneProbeIsUndoneIfProbesAreCompared() {
    Scripted web = serving(canary(new Compare(true, 0, "")));
    web.restart();
    web.serves(CANARY);
    assertTrue(
        web.switched(HELD, Face.PRIVATE).contains("switch web.g2/0 PRIVATE"),
        "it is tried at once, while its sibling accepts");
    web.switched(CANARY, Face.PRIVATE);
    web.supervision.probed(CANARY, false, "/health answered 503", 0, web.now);

    assertUndone(web, web.turn());
    assertTrue(web.reason().contains("/health answered 503 in its soak"), web.reason());
  }

  @Test
  void canaryThatDoesNotAnswerItsWatchdogIsUndone() {
    Scripted web = serving(web(2).restart(Policies.canary(300, Compare.NONE)));
    web.restart();
    web.serves(CANARY);
    web.drains(HELD);

    List<String> asked = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      asked.addAll(web.after(10));
      web.supervision.heard(id(1, 1, 1));
    }

    assertUndone(web, asked);
    assertTrue(web.reason().contains("does not answer its watchdog"), web.reason());
  }

  @Test
  void canaryThatIsSlowerThanItsSiblingIsUndone() {
    Scripted web = probedThroughItsSoak(40);

    assertTrue(web.reason().contains("its probes' 99th percentile is"), web.reason());
    assertTrue(web.reason().endsWith("; returned to generation 1"), web.reason());
    assertAllServe(web, 2);
  }

  @Test
  void canaryThatIsAsFastAsItsSiblingStays() {
    Scripted web = probedThroughItsSoak(1);

    assertEquals("generation 2 serves", web.reason());
    assertEquals(WorkerState.SERVING, web.state(CANARY));
  }

  /** A restart during which every probe of the canary takes so long, and any other 1 ms. */
  private static Scripted probedThroughItsSoak(long canaryMillis) {
    Scripted web = serving(web(2).restart(Policies.canary(100, new Compare(false, 3, ""))));
    List<String> asked = web.restart();
    for (int i = 0; i < 400 && web.outcome == null; i++) {
      while (!asked.isEmpty()) {
        asked = web.obey(asked, id -> id.equals(CANARY) ? canaryMillis : 1);
      }
      asked = web.after(1);
    }
    assertNotNull(web.outcome);
    return web;
  }

  private static ServiceConfig.Builder canary(Compare compare) {
    return web(2).restart(Policies.canary(30, compare));
  }

  private static Scripted soaking(Compare compare) {
    Scripted web = serving(canary(compare));
    web.restart();
    web.serves(CANARY);
    web.drains(HELD);
    return web;
  }

  /** The held worker is switched on again, and only then the canary leaves. */
  private static void assertUndone(Scripted web, List<String> asked) {
    assertTrue(asked.contains("switch web.g1/0 SHARED"), asked.toString());
    assertTrue(web.switched(HELD, Face.SHARED).contains("switch web.g2/0 PRIVATE"));
    assertEquals(List.of("forget web.g2/0", "failed"), web.leaves(CANARY));
    assertAllServe(web, 2);
  }

  @Test
  void handoverSwitchesNewOnWhenOldIsGone() {
    Scripted web = serving(web(1).restart(Policies.with(Strategy.HANDOVER)));
    web.restart();
    web.boots(id(2, 0, 1));

    assertEquals(List.of("switch web.g1/0 PRIVATE"), web.passes(id(2, 0, 1)));
    assertEquals(List.of("terminate web.g1/0"), web.drains(id(1, 0, 1)));
    web.after(2);
    assertEquals(List.of("forget web.g1/0", "switch web.g2/0 SHARED"), web.dies(id(1, 0, 1), 143));
    web.after(1);
    assertEquals(List.of("succeeded"), web.switched(id(2, 0, 1), Face.SHARED));

    assertNotNull(web.outcome);
    assertEquals(4 * Scripted.SECOND, web.outcome.waitedNanos(), "from switched off to on");
  }

  @Test
  void handoverWhoseNewNeverGetsReadyLeavesOldAlone() {
    Scripted web = serving(web(1).restart(Policies.with(Strategy.HANDOVER)));
    web.restart();
    web.boots(id(2, 0, 1));

    assertEquals(List.of("forget web.g2/0", "failed"), web.dies(id(2, 0, 1), 1));
    assertEquals(WorkerState.SERVING, web.state(id(1, 0, 1)));
  }

  @Test
  void exclusiveLaunchesNewWhenAllOldAreGone() {
    Scripted web = serving(web(2).restart(Policies.with(Strategy.EXCLUSIVE)));

    assertEquals(List.of("switch web.g1/0 PRIVATE", "switch web.g1/1 PRIVATE"), web.restart());
    assertEquals(List.of("forget web.g1/0"), web.leaves(id(1, 0, 1)));
    assertEquals(
        List.of("forget web.g1/1", "spawn web.g2/0", "spawn web.g2/1"), web.leaves(id(1, 1, 1)));
    web.serves(id(2, 0, 1));
    web.boots(id(2, 1, 1));
    web.passes(id(2, 1, 1));

    assertEquals(List.of("succeeded"), web.switched(id(2, 1, 1), Face.SHARED));
  }

  @Test
  void exclusiveWhoseNewFailsBringsTheOldGenerationBack() {
    Scripted web = serving(web(2).restart(Policies.with(Strategy.EXCLUSIVE)));
    web.restart();
    web.leaves(id(1, 0, 1));
    web.leaves(id(1, 1, 1));
    web.boots(id(2, 0, 1));
    web.supervision.workerSpawned(id(2, 1, 1), 100, ArchiveUse.NONE);

    assertEquals(List.of("forget web.g2/1", "terminate web.g2/0"), web.dies(id(2, 1, 1), 1));
    assertEquals(
        List.of("forget web.g2/0", "spawn web.g1/0#2", "spawn web.g1/1#2"),
        web.dies(id(2, 0, 1), 143));
    web.serves(id(1, 0, 2));
    web.boots(id(1, 1, 2));
    web.passes(id(1, 1, 2));
    assertEquals(List.of("failed"), web.switched(id(1, 1, 2), Face.SHARED));

    assertEquals(
        "web.g2/1 exited with status 1 before it served; returned to generation 1", web.reason());
    assertEquals(1, web.status().generation());
  }

  @Test
  void surgeOfTwoReplacesTwoSlotsAtATime() {
    Scripted web = serving(web(3).restart(Policies.rolling(2, 0)));

    assertEquals(List.of("spawn web.g2/0", "spawn web.g2/1"), web.restart());
    web.serves(id(2, 0, 1));

    assertEquals(List.of("forget web.g1/0", "spawn web.g2/2"), web.leaves(id(1, 0, 1)));
  }

  @Test
  void withoutSurgeOneSlotAtATimeIsEmptiedFirst() {
    Scripted web = serving(web(2).restart(Policies.rolling(0, 1)));

    assertEquals(List.of("switch web.g1/0 PRIVATE"), web.restart());
    assertEquals(List.of("forget web.g1/0", "spawn web.g2/0"), web.leaves(id(1, 0, 1)));
    web.boots(id(2, 0, 1));
    web.passes(id(2, 0, 1));

    assertEquals(List.of("switch web.g1/1 PRIVATE"), web.switched(id(2, 0, 1), Face.SHARED));
  }
}
