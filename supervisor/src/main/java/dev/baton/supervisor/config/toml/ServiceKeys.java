package dev.baton.supervisor.config.toml;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.ListenerConfig;
import dev.baton.supervisor.config.RestartPolicy.Strategy;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.config.Timing;
import dev.baton.supervisor.config.toml.Forms.Placed;
import dev.baton.supervisor.config.toml.TakenLogs.Claim;

/** {@code [service.NAME]}: one application. */
final class ServiceKeys {
  static final Key<Integer> WORKERS =
      Key.of("workers", Forms.whole(1, 100).in("workers"))
          .fallback("1")
          .doc("How many JVMs of it serve at a time.")
          .example("4");

  static final Key<Integer> STANDBY =
      Key.of("standby", Forms.whole(0, 1).in("workers"))
          .fallback("0")
          .doc(
              "How many JVMs wait beside them: booted, probed and warmed, on their private faces."
                  + " When one that serves dies, it is switched on in its place, in milliseconds, and"
                  + " the next one boots behind it. It takes as much memory as one that serves.")
          .example("1");

  static final Key<ImmutableList<Placed<String>>> AFTER =
      Key.of("after", Forms.listOf(Forms.placed(Forms.NAME_OF_IT)))
          .fallback("[]")
          .doc("Services that must serve before this one is started.")
          .example("[\"db\"]");

  static final Key<ImmutableList<Placed<Address>>> LISTEN =
      Key.of("listen", Forms.listOf(Forms.placed(ListenerKeys.ADDRESS_FORM)))
          .fallback("[]")
          .doc(
              "Listeners with nothing unusual about them, by their addresses; they are called by them"
                  + " too. Every worker has to bind each. What is not configured is held as soon as a"
                  + " worker binds it, unless `bind` says otherwise.")
          .example("[\"0.0.0.0:8080\", \"udp:5353\", \"unix:/run/shop/http.sock\"]");

  static final Section SECTION =
      Section.one(
              "service",
              "An application; `NAME` is how commands call it. Only `command` is required.",
              LaunchKeys.COMMAND,
              LaunchKeys.DIRECTORY,
              LaunchKeys.ENVIRONMENT,
              LaunchKeys.ENVIRONMENT_FILE,
              LaunchKeys.JAVA_HOME,
              LaunchKeys.JVM_OPTIONS,
              LaunchKeys.USER,
              LaunchKeys.STAGE,
              LaunchKeys.STARTUP_ARCHIVE,
              LaunchKeys.STARTUP_ARCHIVE_AFTER,
              LaunchKeys.GENTLE_START,
              WORKERS,
              STANDBY,
              AFTER,
              LISTEN)
          .shaped(Section.Shape.NAMED)
          .with(
              ListenerKeys.SECTION,
              BindKeys.SECTION,
              ReadyKeys.SECTION,
              StopKeys.DRAIN,
              StopKeys.STOP,
              RestartKeys.SECTION,
              FailureKeys.SECTION,
              StoreKeys.SECTION,
              LogKeys.OUTPUT,
              LogKeys.LOGS);

  private ServiceKeys() {}

  /** A service, and where the parts of it stand that are compared with other services. */
  record Read(
      ServiceConfig config,
      ImmutableList<Placed<String>> after,
      ImmutableList<Placed<ListenerConfig>> listeners,
      ImmutableList<Claim> logs) {}

  static Read read(String name, Table service, int backlog) {
    ImmutableList<Placed<String>> after = service.get(AFTER, ImmutableList.of());
    ImmutableList<Placed<ListenerConfig>> listeners = listeners(service, backlog);
    Table ready = service.part(ReadyKeys.SECTION);
    Table output = service.part(LogKeys.OUTPUT);
    ImmutableMap<String, Table> logs = service.named(LogKeys.LOGS);
    ServiceConfig config =
        ServiceConfig.running(name, ImmutableList.of())
            .launch(LaunchKeys.read(service))
            .workers(service.get(WORKERS, 1))
            .standby(service.get(STANDBY, 0))
            .after(after.stream().map(Placed::read).collect(ImmutableSet.toImmutableSet()))
            .listeners(
                listeners.stream().map(Placed::read).collect(ImmutableList.toImmutableList()))
            .bind(BindKeys.read(service.part(BindKeys.SECTION)))
            .readiness(ReadyKeys.read(ready))
            .timing(timing(service, ready))
            .restart(RestartKeys.read(service.part(RestartKeys.SECTION)))
            .failure(FailureKeys.read(service.part(FailureKeys.SECTION)))
            .archive(LaunchKeys.archive(service))
            .gentleStart(service.get(LaunchKeys.GENTLE_START, false))
            .store(StoreKeys.read(service.part(StoreKeys.SECTION)))
            .output(LogKeys.output(output))
            .logs(LogKeys.logs(name, logs))
            .build();
    LogKeys.check(config, output);
    checkStandby(config, service);
    return new Read(config, after, listeners, TakenLogs.of(config, output, logs));
  }

  private static void checkStandby(ServiceConfig config, Table service) {
    if (config.standby() == 0) {
      return;
    }
    if (config.restart().strategy() == Strategy.EXCLUSIVE) {
      service.complain(
          STANDBY,
          "no worker may live beside another one: restart.strategy is \"exclusive\"; write 0, or"
              + " \"handover\"");
    }
    if (config.listeners().stream().anyMatch(ListenerConfig::reusePort)) {
      service.complain(
          STANDBY,
          "a listener with reuse-port has a socket for each slot, whose clients no other worker"
              + " gets; write 0, or leave reuse-port out");
    }
  }

  private static Timing timing(Table service, Table ready) {
    Table stop = service.part(StopKeys.STOP);
    return new Timing(
        ready.get(ReadyKeys.START_TIMEOUT, Timing.DEFAULT.start()),
        service.part(StopKeys.DRAIN).get(StopKeys.LINGER, Timing.DEFAULT.linger()),
        stop.get(StopKeys.TIMEOUT, Timing.DEFAULT.stop()),
        stop.get(StopKeys.SIGNAL, Timing.DEFAULT.stopSignal()));
  }

  private static ImmutableList<Placed<ListenerConfig>> listeners(Table service, int backlog) {
    ImmutableList.Builder<Placed<ListenerConfig>> listeners = ImmutableList.builder();
    for (Placed<Address> one : service.get(LISTEN, ImmutableList.of())) {
      listeners.add(new Placed<>(ListenerConfig.of(one.read(), backlog), one.value()));
    }
    service
        .named(ListenerKeys.SECTION)
        .forEach((name, table) -> listeners.addAll(ListenerKeys.read(name, table, backlog)));
    return listeners.build();
  }
}
