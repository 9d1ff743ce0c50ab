package dev.baton.supervisor.core;

import static dev.baton.supervisor.core.Scripted.PORT;
import static dev.baton.supervisor.core.Scripted.id;
import static dev.baton.supervisor.core.Scripted.serving;
import static dev.baton.supervisor.core.Scripted.web;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.baton.supervisor.core.Snapshot.OfGeneration;
import dev.baton.supervisor.core.Snapshot.OfService;
import dev.baton.supervisor.core.Snapshot.OfSlot;
import dev.baton.supervisor.core.Snapshot.OfWorker;
import dev.baton.supervisor.core.Snapshot.Role;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A worker was draining, its follower served, and the supervisor ended; the next one finds the
 * first at the shared sockets again, and not the second.
 */
final class ResumeTest {
  private static final WorkerId OLD = id(1, 0, 1);

  @Test
  void whoServesStaysWhenItsFollowerIsLost() {
    WorkerId follower = id(1, 0, 2);
    Scripted web = new Scripted(draining(1, follower));

    List<String> asked = comesBackWithout(follower, web);

    assertFalse(asked.contains("switch web.g1/0 PRIVATE"), asked.toString());
    assertTrue(asked.contains("terminate " + follower), asked.toString());
    assertEquals(WorkerState.SERVING, web.state(OLD));
    web.dies(follower, 143);
    assertEquals(List.of(), spawned(web.after(60)), "the place is taken");
  }

  @Test
  void untilSomebodyOfTheGenerationThatFollowedServes() {
    WorkerId follower = id(2, 0, 1);
    Scripted web = new Scripted(draining(2, follower));

    List<String> asked = comesBackWithout(follower, web);

    assertFalse(asked.contains("switch web.g1/0 PRIVATE"), asked.toString());
    assertEquals(List.of("spawn web.g2/0#2"), spawned(asked));
    web.serves(id(2, 0, 2));
    assertEquals(WorkerState.SERVING, web.state(id(2, 0, 2)));
    assertEquals(WorkerState.DRAINING, web.state(OLD));
  }

  private static List<String> comesBackWithout(WorkerId follower, Scripted web) {
    web.supervision.workerReattached(OLD, 101, Set.of(PORT), true, true, web.now);
    web.supervision.workerLost(follower, web.now);
    return web.turn();
  }

  private static List<String> spawned(List<String> asked) {
    return asked.stream().filter(one -> one.startsWith("spawn")).toList();
  }

  /** The first worker of a service drains; that one of that generation has followed it. */
  private static Snapshot draining(int generation, WorkerId follower) {
    OfService one = serving(web(1)).supervision.snapshot().services().get(0);
    OfSlot slot =
        new OfSlot(
            0,
            generation,
            "",
            ImmutableList.of(
                worker(OLD, Role.LEAVING, WorkerState.DRAINING),
                worker(follower, Role.CURRENT, WorkerState.SERVING)));
    return new Snapshot(
        ImmutableList.of(
            new OfService(
                one.config(),
                true,
                true,
                generation,
                0,
                generation,
                ImmutableList.of(
                    new OfGeneration(1, one.config()), new OfGeneration(2, one.config())),
                ImmutableSet.of(1, 2),
                ImmutableMap.of(generation + "/0", follower.attempt()),
                ImmutableList.of(slot),
                ImmutableList.of(),
                null,
                null,
                false,
                0,
                one.listeners())),
        ImmutableMap.of(),
        ImmutableList.of(),
        false);
  }

  private static OfWorker worker(WorkerId id, Role role, WorkerState state) {
    return new OfWorker(id, role, state, 100, 101, true, ImmutableSet.of(PORT), true, 0, "");
  }
}
