package dev.baton.supervisor.core;

import static dev.baton.supervisor.core.Scripted.id;
import static dev.baton.supervisor.core.StandbyTest.FIRST;
import static dev.baton.supervisor.core.StandbyTest.NEXT;
import static dev.baton.supervisor.core.StandbyTest.WAITS;
import static dev.baton.supervisor.core.StandbyTest.waiting;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.RestartPolicy;
import dev.baton.supervisor.config.RestartPolicy.Strategy;
import dev.baton.supervisor.core.Operation.Kind;
import dev.baton.supervisor.core.Operation.Refusal;
import dev.baton.supervisor.core.Operation.Step;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A restart of unchanged code: who waits is switched on, who has served leaves. */
final class PromotionTest {
  private static List<String> promote(Scripted web) {
    assertNull(web.begin(Kind.PROMOTE));
    return web.turn();
  }

  private static List<String> dies(Scripted web, WorkerId id, int status) {
    return web.dies(id, status).stream().filter(asked -> !asked.startsWith("forget")).toList();
  }

  @Test
  void itIsOneSwitch() {
    Scripted web = waiting();

    assertEquals(List.of("switch " + WAITS + " SHARED"), promote(web));
    assertEquals(WorkerState.SERVING, web.state(FIRST));
    assertEquals(List.of("switch " + FIRST + " PRIVATE"), web.switched(WAITS, Face.SHARED));
    assertEquals(WorkerState.SERVING, web.state(WAITS));
  }

  @Test
  void theNextIsBootedBehindIt() {
    Scripted web = waiting();
    promote(web);
    web.switched(WAITS, Face.SHARED);
    web.drains(FIRST);

    assertEquals(List.of("succeeded", "spawn " + NEXT), sorted(dies(web, FIRST, 143)));
  }

  private static List<String> sorted(List<String> asked) {
    return asked.stream().sorted((a, b) -> b.compareTo(a)).toList();
  }

  @Test
  void changedCodeIsNotPromoted() {
    Scripted web = waiting();
    web.difference = "its code has changed since generation 1 was launched";

    assertEquals(List.of("failed"), promote(web));
    assertEquals(WorkerState.SERVING, web.state(FIRST));
    assertEquals(WorkerState.READY, web.state(WAITS));
  }

  @Test
  void whoIsReplacedServesOnWhenItsFollowerDies() {
    Scripted web = waiting();
    promote(web);

    assertEquals(List.of(), dies(web, WAITS, 137));
    assertEquals(WorkerState.SERVING, web.state(FIRST));
    // The next who waits is tried.
    WorkerId second = id(1, 1, 2);
    assertEquals(List.of("spawn " + second), web.after(1));
    web.boots(second);
    assertEquals(List.of("switch " + second + " SHARED"), web.passes(second));
  }

  @Test
  void severalFollowOneAnother() {
    Scripted web = new Scripted(Config.of(Scripted.web(2).standby(1).build(), 4096), false);
    web.turn();
    web.serves(FIRST);
    web.serves(WAITS);
    WorkerId third = id(1, 2, 1);
    web.boots(third);
    web.passes(third);

    assertEquals(List.of("switch " + third + " SHARED"), promote(web));
    assertEquals(List.of("switch " + FIRST + " PRIVATE"), web.switched(third, Face.SHARED));
    web.drains(FIRST);
    assertEquals(List.of("spawn " + NEXT), dies(web, FIRST, 143));
    web.boots(NEXT);
    assertEquals(List.of("switch " + NEXT + " SHARED"), web.passes(NEXT));
    assertEquals(List.of("switch " + WAITS + " PRIVATE"), web.switched(NEXT, Face.SHARED));
    web.drains(WAITS);
    assertEquals(List.of("succeeded", "spawn " + id(1, 1, 2)), sorted(dies(web, WAITS, 143)));
  }

  @Test
  void nextSupervisorFinishesTheExchange() {
    Scripted before = waiting();
    promote(before);
    Scripted web = new Scripted(before.supervision.snapshot());
    web.supervision.workerReattached(FIRST, 101, Set.of(Scripted.PORT), true, true, web.now);
    web.supervision.workerReattached(WAITS, 101, Set.of(Scripted.PORT), true, false, web.now);

    web.turn();
    web.switched(FIRST, Face.SHARED);
    web.switched(WAITS, Face.SHARED);

    assertEquals(WorkerState.SERVING, web.state(WAITS));
    assertEquals(WorkerState.DRAINING, web.state(FIRST));
  }

  @Test
  void nobodyToPromoteIsRefused() {
    Scripted web = Scripted.serving(Scripted.web(1));

    Refusal refusal = web.begin(Kind.PROMOTE);

    assertNotNull(refusal);
    assertEquals(
        "web: nobody waits there; set standby = 1, or restart without --promote", refusal.reason());
  }

  @Test
  void thoseWhoMayNotBothAcceptAreNotPromoted() {
    RestartPolicy handover = RestartPolicy.DEFAULT.with(Strategy.HANDOVER);
    Scripted web = Scripted.serving(Scripted.web(1).standby(1).restart(handover));

    Refusal refusal = web.begin(Kind.PROMOTE);

    assertNotNull(refusal);
    assertEquals(
        "web: who waits and who serves may not both accept; restart without --promote",
        refusal.reason());
  }

  @Test
  void changedNumberOfWorkersIsNoOtherConfiguration() {
    Scripted web = waiting();
    web.begin(new Step("web", Kind.SCALE, 2, null));
    assertEquals(List.of("switch " + WAITS + " SHARED"), web.turn());
    web.switched(WAITS, Face.SHARED);

    assertNull(web.begin(Kind.PROMOTE));
  }
}
