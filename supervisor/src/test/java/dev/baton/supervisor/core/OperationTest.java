package dev.baton.supervisor.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.config.SupervisorLog;
import dev.baton.supervisor.core.Operation.Kind;
import dev.baton.supervisor.core.Operation.Refusal;
import dev.baton.supervisor.core.Operation.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Commands on several services, and services that need each other. */
final class OperationTest {
  private final Scripted shop =
      new Scripted(config(service("db"), service("web"), service("jobs")));

  private static ServiceConfig service(String name, String... after) {
    return ServiceConfig.running(name, List.of("java")).after(ImmutableSet.copyOf(after)).build();
  }

  private static Config config(ServiceConfig... services) {
    ImmutableMap.Builder<String, ServiceConfig> byName = ImmutableMap.builder();
    for (ServiceConfig one : services) {
      byName.put(one.name(), one);
    }
    return new Config("shop", byName.buildOrThrow(), 4096, SupervisorLog.DEFAULT);
  }

  private static WorkerId worker(String service, int generation) {
    return new WorkerId(service, generation, 0, 1);
  }

  private void allServe() {
    shop.turn();
    shop.supervision.services().forEach(name -> shop.serves(worker(name, 1)));
  }

  private List<String> begin(Kind kind, String... services) {
    shop.refusal = shop.supervision.begin(Operation.of(7, kind, List.of(services)), shop.now);
    return shop.turn();
  }

  /** From launch to the end of the one before. */
  private List<String> isRestarted(String service) {
    shop.serves(worker(service, 2));
    return shop.leaves(worker(service, 1));
  }

  private Outcome outcome() {
    Outcome outcome = shop.outcome;
    assertNotNull(outcome);
    return outcome;
  }

  private Refusal refusal() {
    Refusal refusal = shop.refusal;
    assertNotNull(refusal);
    return refusal;
  }

  @Test
  void servicesAreRestartedOneAfterTheOther() {
    allServe();

    assertEquals(List.of("spawn db.g2/0"), begin(Kind.RESTART, "db", "web"));
    assertEquals(List.of("forget db.g1/0", "succeeded", "spawn web.g2/0"), isRestarted("db"));
    assertFalse(outcome().last());
    assertEquals(List.of("forget web.g1/0", "succeeded"), isRestarted("web"));

    assertTrue(outcome().last());
    assertEquals(WorkerState.SERVING, shop.state(worker("jobs", 1)));
  }

  @Test
  void firstFailureEndsTheOperation() {
    allServe();
    begin(Kind.RESTART, "db", "web");
    shop.supervision.workerSpawned(worker("db", 2), 100, ArchiveUse.NONE);

    assertEquals(List.of("forget db.g2/0", "failed"), shop.dies(worker("db", 2), 1));

    assertTrue(outcome().last());
    assertEquals(WorkerState.SERVING, shop.state(worker("web", 1)));
  }

  @Test
  void operationThatGoesOnDoesTheRest() {
    allServe();
    ImmutableList<Step> steps =
        ImmutableList.of(Step.of("db", Kind.RESTART), Step.of("web", Kind.RESTART));
    shop.supervision.begin(new Operation(7, steps, true), shop.now);
    shop.turn();
    shop.supervision.workerSpawned(worker("db", 2), 100, ArchiveUse.NONE);

    assertEquals(
        List.of("forget db.g2/0", "failed", "spawn web.g2/0"), shop.dies(worker("db", 2), 1));

    assertFalse(outcome().last());
  }

  @Test
  void serviceThatWaitsForItsTurnIsBusyToo() {
    allServe();
    begin(Kind.RESTART, "db", "web");

    assertEquals(List.of(), begin(Kind.RESTART, "web"));
    assertTrue(refusal().busy());
  }

  @Test
  void otherServicesAreNotBusy() {
    allServe();
    begin(Kind.RESTART, "db");

    assertEquals(List.of("spawn web.g2/0"), begin(Kind.RESTART, "web"));
    assertNull(shop.refusal);
  }

  @Test
  void refusedForOneServiceIsRefusedForAll() {
    allServe();
    begin(Kind.RESTART, "web");

    assertEquals(List.of(), begin(Kind.RESTART, "db", "web"), "db is not begun either");
    assertEquals("web: a restart to generation 2 is already running", refusal().reason());
  }

  @Test
  void stopMayNotCutInOnAnOperation() {
    allServe();
    begin(Kind.RESTART, "db");

    assertEquals(List.of(), begin(Kind.STOP, "db"));
    assertTrue(refusal().busy());
  }

  @Test
  void unknownServiceIsRefusedWithThoseThereAre() {
    allServe();

    begin(Kind.RESTART, "wbe");

    assertFalse(refusal().busy());
    assertEquals("there is no service wbe; there are: db, web, jobs", refusal().reason());
  }

  @Test
  void stoppedServiceHasToBeStartedFirst() {
    allServe();
    assertEquals(List.of("switch jobs.g1/0 PRIVATE"), begin(Kind.STOP, "jobs"));
    assertEquals(List.of("forget jobs.g1/0", "succeeded"), shop.leaves(worker("jobs", 1)));

    begin(Kind.RESTART, "jobs");
    assertEquals("jobs is stopped; start it first", refusal().reason());
    assertEquals(List.of("spawn jobs.g1/0#2"), begin(Kind.START, "jobs"));
  }

  @Test
  void startedServiceIsNotStartedAgain() {
    allServe();

    begin(Kind.START, "web");

    assertEquals("web is started already", refusal().reason());
  }

  @Test
  void nothingBeginsWhileTheSupervisorStops() {
    allServe();
    shop.supervision.stop(shop.now);

    begin(Kind.RESTART, "web");

    assertEquals("the supervisor is stopping", refusal().reason());
  }

  // Dependencies

  @Test
  void serviceIsStartedWhenThoseItComesAfterServe() {
    Scripted pair = new Scripted(config(service("web", "db"), service("db")));

    assertEquals(List.of("spawn db.g1/0"), pair.turn());
    assertEquals(ServiceStatus.Phase.WAITING, pair.status().phase());
    pair.boots(worker("db", 1));
    pair.passes(worker("db", 1));

    assertEquals(List.of("spawn web.g1/0"), pair.switched(worker("db", 1), Face.SHARED));
  }

  @Test
  void crashOfWhatItComesAfterIsNoneOfItsBusiness() {
    Scripted pair = new Scripted(config(service("web", "db"), service("db")));
    pair.turn();
    pair.serves(worker("db", 1));
    pair.serves(worker("web", 1));

    assertEquals(List.of("forget db.g1/0"), pair.dies(worker("db", 1), 1));

    assertEquals(WorkerState.SERVING, pair.state(worker("web", 1)));
  }

  @Test
  void servicesThatOthersComeAfterAreStoppedLast() {
    Scripted pair = new Scripted(config(service("db"), service("web", "db")));
    pair.turn();
    pair.serves(worker("db", 1));
    pair.serves(worker("web", 1));

    pair.supervision.stop(pair.now);

    assertEquals(List.of("switch web.g1/0 PRIVATE"), pair.turn());
    assertEquals(
        List.of("forget web.g1/0", "switch db.g1/0 PRIVATE"), pair.leaves(worker("web", 1)));
    assertFalse(pair.supervision.isFinished());
    pair.leaves(worker("db", 1));
    assertTrue(pair.supervision.isFinished());
  }
}
