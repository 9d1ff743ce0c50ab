package dev.baton.supervisor.core;

import static dev.baton.supervisor.core.Scripted.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.RestartPolicy.Strategy;
import dev.baton.supervisor.core.Operation.Kind;
import dev.baton.supervisor.core.Operation.Step;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One more worker than serve waits on its private faces, and follows one that dies. */
final class StandbyTest {
  static final WorkerId FIRST = id(1, 0, 1);
  static final WorkerId WAITS = id(1, 1, 1);
  static final WorkerId NEXT = id(1, 0, 2);

  /** The first serves, and its standby is ready. */
  static Scripted waiting() {
    Scripted web = new Scripted(Config.of(Scripted.web(1).standby(1).build(), 4096), false);
    web.turn();
    web.boots(FIRST);
    web.passes(FIRST);
    assertEquals(List.of("spawn " + WAITS), web.switched(FIRST, Face.SHARED));
    web.boots(WAITS);
    assertEquals(List.of(), web.passes(WAITS));
    return web;
  }

  /** What is asked for then, but for what a death is followed by in any case. */
  private static List<String> dies(Scripted web, WorkerId id, int status) {
    return web.dies(id, status).stream()
        .filter(asked -> !asked.startsWith("forget") && !asked.equals("succeeded"))
        .toList();
  }

  @Test
  void itIsReadyAndNotSwitchedOn() {
    Scripted web = waiting();

    assertEquals(WorkerState.READY, web.state(WAITS));
    assertEquals(ServiceStatus.Phase.SERVING, web.status().phase());
    assertEquals(1, web.status().wanted());
  }

  @Test
  void itFollowsWhoDies() {
    Scripted web = waiting();

    assertEquals(List.of("switch " + WAITS + " SHARED"), dies(web, FIRST, 137));
    assertEquals(WorkerState.SERVING, stateAfterSwitch(web));
  }

  private static WorkerState stateAfterSwitch(Scripted web) {
    web.switched(WAITS, Face.SHARED);
    return web.state(WAITS);
  }

  @Test
  void theNextIsBootedBehindIt() {
    Scripted web = waiting();
    web.dies(FIRST, 137);

    assertEquals(List.of(), web.switched(WAITS, Face.SHARED));
    assertEquals(List.of("spawn " + NEXT), web.after(1)); // the back-off of the one that died

    web.boots(NEXT);
    web.passes(NEXT);
    assertEquals(List.of("switch " + NEXT + " SHARED"), dies(web, WAITS, 137));
  }

  @Test
  void oneThatIsNotReadyYetIsNotWaitedFor() {
    Scripted web = new Scripted(Config.of(Scripted.web(1).standby(1).build(), 4096), false);
    web.turn();
    web.serves(FIRST);
    web.boots(WAITS);

    web.dies(FIRST, 137);

    assertEquals(List.of("spawn " + NEXT), web.after(1));
  }

  @Test
  void itDiesForItself() {
    Scripted web = waiting();

    assertEquals(List.of(), dies(web, WAITS, 1));
    assertEquals(List.of("spawn " + id(1, 1, 2)), web.after(1));
    assertEquals(WorkerState.SERVING, web.state(FIRST));
  }

  @Test
  void itFollowsAnyOfSeveral() {
    Scripted web = new Scripted(Config.of(Scripted.web(2).standby(1).build(), 4096), false);
    web.turn();
    web.serves(FIRST);
    web.serves(WAITS);
    WorkerId third = id(1, 2, 1);
    web.boots(third);
    web.passes(third);

    assertEquals(List.of("switch " + third + " SHARED"), dies(web, WAITS, 137));
    web.switched(third, Face.SHARED);
    assertEquals(List.of("spawn " + id(1, 1, 2)), web.after(1));
  }

  @Test
  void restartReplacesItWhenTheNewGenerationServes() {
    Scripted web = waiting();
    WorkerId fresh = id(2, 0, 1);
    assertEquals(List.of("spawn " + fresh), web.restart());
    web.serves(fresh);
    assertEquals(WorkerState.READY, web.state(WAITS));

    web.drains(FIRST);

    assertEquals(List.of("terminate " + WAITS), dies(web, FIRST, 143));
    assertEquals(List.of("spawn " + id(2, 1, 1)), dies(web, WAITS, 143));
  }

  @Test
  void exclusiveRestartEndsItFirst() {
    Scripted web = waiting();
    web.begin(new Step("web", Kind.RESTART, 0, Strategy.EXCLUSIVE));

    assertEquals(List.of("terminate " + WAITS), web.turn());
    assertEquals(List.of("switch " + FIRST + " PRIVATE"), dies(web, WAITS, 143));
  }

  @Test
  void itMakesRoomWhenMemoryIsShort() {
    Scripted web = waiting();
    web.memory = new Memory(100, 1_000, "the host");

    assertEquals(List.of("terminate " + WAITS), web.restart());
    web.memory = new Memory(2_000, 1_000, "the host");
    assertEquals(List.of("spawn " + id(2, 0, 1)), dies(web, WAITS, 143));
  }

  @Test
  void stopEndsItToo() {
    Scripted web = waiting();
    web.begin(Kind.STOP);

    assertEquals(List.of("switch " + FIRST + " PRIVATE", "terminate " + WAITS), web.turn());
    web.leaves(FIRST);
    web.dies(WAITS, 143);
    assertEquals(ServiceStatus.Phase.STOPPED, web.status().phase());
  }

  @Test
  void nextSupervisorKnowsIt() {
    Scripted before = waiting();
    Scripted web = new Scripted(before.supervision.snapshot());
    web.supervision.workerReattached(FIRST, 101, Set.of(Scripted.PORT), true, true, web.now);
    web.supervision.workerReattached(WAITS, 101, Set.of(Scripted.PORT), true, false, web.now);
    web.turn();
    web.switched(FIRST, Face.SHARED);

    assertEquals(WorkerState.READY, web.state(WAITS));
    assertEquals(List.of("switch " + WAITS + " SHARED"), dies(web, FIRST, -1));
  }

  @Test
  void nobodyWaitsUnlessAsked() {
    Scripted web = Scripted.serving(Scripted.web(1));

    assertEquals(List.of(), web.after(60));
    assertNull(web.supervision.snapshot().services().get(0).standby());
  }
}
