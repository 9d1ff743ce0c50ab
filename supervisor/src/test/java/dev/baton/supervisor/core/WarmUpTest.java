package dev.baton.supervisor.core;

import static dev.baton.supervisor.core.Scripted.id;
import static dev.baton.supervisor.core.Scripted.web;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.Gate;
import dev.baton.supervisor.config.Readiness;
import dev.baton.supervisor.config.WarmUp;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A worker that has passed its gates is warmed up before it is switched on. */
final class WarmUpTest {
  private static final WorkerId FIRST = id(1, 0, 1);
  private static final WarmUp HALF_AN_HOUR =
      WarmUp.of(ImmutableList.of("/"), Duration.ofMinutes(30));

  private static Scripted warmed() {
    Readiness gates = Readiness.of(ImmutableList.of(new Gate.Tcp(Gate.DEFAULT_TIMEOUT)));
    Scripted web = new Scripted(web(1).readiness(gates.with(HALF_AN_HOUR)).build());
    web.turn();
    return web;
  }

  /** Its gates are passed. */
  private static Scripted warming() {
    Scripted web = warmed();
    web.boots(FIRST);
    assertEquals(List.of("warm up " + FIRST), web.passes(FIRST));
    return web;
  }

  @Test
  void isSwitchedOnWhenItIsWarm() {
    Scripted web = warming();
    web.told.clear();

    web.supervision.warmingUp(FIRST, "p99 9ms", web.now);
    assertEquals("p99 9ms", web.status().workers().get(0).says());
    web.supervision.warmedUp(FIRST, true, "p99 9ms, now 1ms", web.now);

    assertEquals(List.of("switch " + FIRST + " SHARED"), web.turn());
    assertEquals(
        List.of(FIRST + " WARMING: p99 9ms", FIRST + " READY: p99 9ms, now 1ms"), web.told);
  }

  @Test
  void startDeadlineIsNotItsDeadline() {
    Scripted web = warming();

    assertEquals(List.of(), web.after(29 * 60));
    assertEquals(WorkerState.WARMING, web.state(FIRST));
  }

  @Test
  void helperThatDoesNotEndKeepsNobodyFromServing() {
    Scripted web = warming();

    assertEquals(
        List.of("end warm-up of " + FIRST, "switch " + FIRST + " SHARED"), web.after(30 * 60 + 11));
    assertTrue(web.told.contains(FIRST + " READY: not warmed up: no answer in time"));
  }

  @Test
  void workerThatAnswersNothingIsNotSwitchedOn() {
    Scripted web = warming();

    web.supervision.warmedUp(FIRST, false, "no answer", web.now);

    assertEquals(List.of("terminate " + FIRST), web.turn());
    assertTrue(web.told.contains(FIRST + " STOPPING: no answer"));
  }

  @Test
  void isEndedWhenTheWorkerDies() {
    Scripted web = warming();

    assertEquals(List.of("end warm-up of " + FIRST, "forget " + FIRST), web.dies(FIRST, 1));
    web.supervision.warmedUp(FIRST, true, "late", web.now);
    assertEquals(List.of(), web.turn());
  }

  @Test
  void isEndedWhenNobodyWantsTheWorkerAnyMore() {
    Scripted web = warming();

    web.supervision.stop(web.now);

    assertEquals(List.of("end warm-up of " + FIRST, "terminate " + FIRST), web.turn());
  }

  @Test
  void beginsAgainWhenTheWorkerComesBack() {
    Scripted web = warming();

    web.supervision.workerDetached(FIRST);
    web.supervision.workerReattached(FIRST, 101, Set.of(Scripted.PORT), true, false, web.now);

    assertEquals(List.of("end warm-up of " + FIRST, "probe " + FIRST), web.turn());
    assertEquals(List.of("warm up " + FIRST), web.passes(FIRST));
  }

  @Test
  void lateProbeDoesNotEndIt() {
    Scripted web = warming();

    assertEquals(List.of(), web.passes(FIRST));
    assertEquals(WorkerState.WARMING, web.state(FIRST));
  }
}
