package dev.baton.supervisor.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.Launch;
import dev.baton.supervisor.config.ListenerConfig;
import dev.baton.supervisor.config.RestartPolicy.Strategy;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.core.Operation.Kind;
import dev.baton.supervisor.core.Operation.Step;
import dev.baton.supervisor.core.ReloadPlan.Now;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a reload says it will do, and does. */
final class ReloadPlanTest {
  private static final ServiceConfig WEB =
      ServiceConfig.running("web", List.of("java", "-jar", "web.jar"))
          .listeners(listeners("/run/web.sock"))
          .build();

  private static ImmutableList<ListenerConfig> listeners(String... paths) {
    ImmutableList.Builder<ListenerConfig> listeners = ImmutableList.builder();
    for (String path : paths) {
      listeners.add(ListenerConfig.of(Address.unix(path), 4096));
    }
    return listeners.build();
  }

  private static ServiceConfig service(String name) {
    return ServiceConfig.running(name, List.of("java")).build();
  }

  private static ReloadPlan plan(Map<String, Now> now, ServiceConfig... next) {
    Map<String, ServiceConfig> byName = new LinkedHashMap<>();
    for (ServiceConfig one : next) {
      byName.put(one.name(), one);
    }
    return ReloadPlan.of(now, byName);
  }

  private static ReloadPlan planFromWeb(ServiceConfig... next) {
    return plan(Map.of("web", new Now(WEB, WEB, true)), next);
  }

  private static void assertPlan(ReloadPlan plan, List<String> lines, Step... steps) {
    assertEquals(lines, plan.lines());
    assertEquals(List.of(steps), plan.steps());
  }

  @Test
  void sameStays() {
    assertPlan(planFromWeb(WEB), List.of("= service web stays"));
  }

  @Test
  void addedStarts() {
    ServiceConfig jobs = service("jobs").toBuilder().listeners(listeners("/run/jobs.sock")).build();

    assertPlan(
        planFromWeb(WEB, jobs),
        List.of("= service web stays", "+ service jobs starts: unix:/run/jobs.sock"),
        Step.of("jobs", Kind.START));
  }

  @Test
  void removedStops() {
    assertPlan(
        planFromWeb(),
        List.of("- service web stops: unix:/run/web.sock"),
        Step.of("web", Kind.REMOVE));
  }

  @Test
  void addedComesBeforeRemoved() {
    assertPlan(
        planFromWeb(service("jobs")),
        List.of("+ service jobs starts", "- service web stops: unix:/run/web.sock"),
        Step.of("jobs", Kind.START),
        Step.of("web", Kind.REMOVE));
  }

  @Test
  void anotherCommandRestarts() {
    ServiceConfig next =
        WEB.toBuilder().launch(Launch.of(ImmutableList.of("java", "-jar", "new.jar"))).build();

    assertPlan(
        planFromWeb(next),
        List.of("~ service web restarts: command"),
        Step.of("web", Kind.RESTART));
  }

  @Test
  void otherListenersAreNamedOneByOneAndRestart() {
    ServiceConfig next = WEB.toBuilder().listeners(listeners("/run/new.sock")).build();

    assertPlan(
        planFromWeb(next),
        List.of(
            "+ web listens on unix:/run/new.sock",
            "- web listens on unix:/run/web.sock",
            "~ service web restarts: listeners"),
        Step.of("web", Kind.RESTART));
  }

  @Test
  void anotherNumberOfWorkersIsAChangeOfScale() {
    assertPlan(
        planFromWeb(WEB.toBuilder().workers(3).build()),
        List.of("~ service web has 3 workers, not 1"),
        new Step("web", Kind.SCALE, 3, null));
  }

  @Test
  void changedAndScaledIsARestartThenAChangeOfScale() {
    ServiceConfig next =
        WEB.toBuilder().launch(Launch.of(ImmutableList.of("sh"))).workers(2).build();

    assertPlan(
        planFromWeb(next),
        List.of("~ service web restarts: command", "~ service web has 2 workers, not 1"),
        Step.of("web", Kind.RESTART),
        new Step("web", Kind.SCALE, 2, null));
  }

  @Test
  void anotherTreatmentTouchesNoWorker() {
    ServiceConfig next =
        WEB.toBuilder()
            .restart(Policies.with(Strategy.CANARY))
            .after(ImmutableSet.of("jobs"))
            .build();

    assertPlan(
        planFromWeb(next),
        List.of("~ service web stays, and is treated differently: restart, after"));
  }

  @Test
  void stoppedByItsOperatorStaysStopped() {
    ServiceConfig next = WEB.toBuilder().launch(Launch.of(ImmutableList.of("sh"))).build();

    assertPlan(
        plan(Map.of("web", new Now(WEB, WEB, false)), next),
        List.of("= service web stays stopped"));
  }

  @Test
  void whatRunsCountsAndNotWhatWasWantedLast() {
    // An earlier reload changed the command, but its restart failed: it is tried again.
    ServiceConfig wanted = WEB.toBuilder().launch(Launch.of(ImmutableList.of("sh"))).build();

    assertPlan(
        plan(Map.of("web", new Now(wanted, WEB, true)), wanted),
        List.of("~ service web restarts: command"),
        Step.of("web", Kind.RESTART));
  }
}
