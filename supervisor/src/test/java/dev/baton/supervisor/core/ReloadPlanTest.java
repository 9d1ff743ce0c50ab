package dev.baton.supervisor.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.Launch;
import dev.baton.supervisor.config.ListenerConfig;
import dev.baton.supervisor.config.LogConfig;
import dev.baton.supervisor.config.OutputConfig;
import dev.baton.supervisor.config.OutputConfig.To;
import dev.baton.supervisor.config.RestartPolicy.Strategy;
import dev.baton.supervisor.config.Rotation;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.config.SupervisorLog;
import dev.baton.supervisor.core.Operation.Kind;
import dev.baton.supervisor.core.Operation.Step;
import dev.baton.supervisor.core.ReloadPlan.Now;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a reload says it will do, and does. */
final class ReloadPlanTest {
  private static final Rotation OTHER =
      new Rotation(0, Duration.ofHours(24), 3, 0, Duration.ZERO, true);
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
    return ReloadPlan.of(SupervisorLog.DEFAULT, now, config(SupervisorLog.DEFAULT, next));
  }

  private static Config config(SupervisorLog log, ServiceConfig... services) {
    ImmutableMap<String, ServiceConfig> byName =
        Maps.uniqueIndex(List.of(services), ServiceConfig::name);
    return new Config("shop", byName, 4096, log);
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
  void otherLogsRestart() {
    ServiceConfig next =
        WEB.toBuilder()
            .output(new OutputConfig(To.FILE, "/var/log/{worker}.log", "", Rotation.DEFAULT))
            .logs(ImmutableList.of(new LogConfig("access", "a.log", Rotation.DEFAULT)))
            .build();

    assertPlan(
        planFromWeb(next),
        List.of("~ service web restarts: output, logs"),
        Step.of("web", Kind.RESTART));
  }

  @Test
  void workersThatShareALogAreMovedToItsNewPath() {
    ServiceConfig next =
        WEB.toBuilder()
            .output(new OutputConfig(To.FILE, "/var/log/web.log", "", Rotation.DEFAULT))
            .build();

    assertPlan(
        planFromWeb(next), List.of("~ service web stays, and is treated differently: output"));
  }

  @Test
  void anotherRotationTouchesNoWorker() {
    LogConfig access = new LogConfig("access", "a.log", Rotation.DEFAULT);
    ServiceConfig web = WEB.toBuilder().logs(ImmutableList.of(access)).build();
    ServiceConfig next =
        web.toBuilder()
            .output(web.output().at(OTHER))
            .logs(ImmutableList.of(access.at(OTHER)))
            .build();

    assertPlan(
        plan(Map.of("web", new Now(web, web, true)), next),
        List.of("~ service web stays, and is treated differently: output, logs"));
  }

  @Test
  void anotherLogOfTheSupervisorTouchesNoService() {
    SupervisorLog next = new SupervisorLog("a.log", SupervisorLog.Format.JSON, OTHER);

    assertPlan(
        ReloadPlan.of(
            SupervisorLog.DEFAULT, Map.of("web", new Now(WEB, WEB, true)), config(next, WEB)),
        List.of("= service web stays", "~ log of the supervisor changes: path, format, rotation"));
  }

  @Test
  void supervisionComparesWithTheLogOfTheLastReload() {
    Config first = config(SupervisorLog.DEFAULT);
    SupervisorLog log = new SupervisorLog("a.log", SupervisorLog.Format.TEXT, Rotation.DEFAULT);
    Config next = config(log);
    Supervision supervision = new Supervision(first, false, 0);
    ReloadPlan plan = supervision.planReload(next);

    assertPlan(plan, List.of("~ log of the supervisor changes: path"));
    assertNull(supervision.reload(new Operation(1, plan.steps(), true), next, 0));
    assertPlan(supervision.planReload(next), List.of());
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
