package dev.baton.supervisor.core;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.ListenerConfig;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.config.SupervisorLog;
import dev.baton.supervisor.core.Operation.Kind;
import dev.baton.supervisor.core.Operation.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What another configuration means for what runs.
 *
 * @param lines the difference, for people: {@code +} opens or starts, {@code -} closes or stops,
 *     {@code ~} changes, {@code =} stays
 * @param steps what has to be done, in this order
 */
public record ReloadPlan(ImmutableList<String> lines, ImmutableList<Step> steps) {
  /**
   * What is there now, to be compared with.
   *
   * @param config as it is wanted
   * @param launched as it runs
   * @param wanted whether it should run; an operator may have stopped it
   */
  record Now(ServiceConfig config, ServiceConfig launched, boolean wanted) {}

  static ReloadPlan of(SupervisorLog log, Map<String, Now> now, Config config) {
    Map<String, ServiceConfig> next = config.services();
    List<String> lines = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    next.forEach(
        (name, service) -> {
          Now running = now.get(name);
          if (running == null) {
            lines.add("+ service " + name + " starts" + listens(service));
            steps.add(Step.of(name, Kind.START));
          } else {
            compare(running, service, lines, steps);
          }
        });
    now.forEach(
        (name, running) -> {
          if (!next.containsKey(name)) {
            lines.add("- service " + name + " stops" + listens(running.config()));
            steps.add(Step.of(name, Kind.REMOVE));
          }
        });
    String changes = changes(log, config.log());
    if (!changes.isEmpty()) {
      lines.add("~ log of the supervisor changes: " + changes);
    }
    return new ReloadPlan(ImmutableList.copyOf(lines), ImmutableList.copyOf(steps));
  }

  private static String changes(SupervisorLog old, SupervisorLog next) {
    List<String> parts = new ArrayList<>();
    addIf(!old.path().equals(next.path()), "path", parts);
    addIf(old.format() != next.format(), "format", parts);
    addIf(!old.rotation().equals(next.rotation()), "rotation", parts);
    return String.join(", ", parts);
  }

  private static String listens(ServiceConfig config) {
    return config.listeners().isEmpty() ? "" : ": " + join(config.listeners().stream());
  }

  private static String join(Stream<ListenerConfig> listeners) {
    return listeners.map(one -> one.address().toString()).collect(Collectors.joining(", "));
  }

  private static void compare(
      Now running, ServiceConfig next, List<String> lines, List<Step> steps) {
    String name = next.name();
    if (!running.wanted()) {
      lines.add("= service " + name + " stays stopped");
      return;
    }
    int before = lines.size();
    listeners(running.launched(), next, lines);
    if (!running.launched().launchesLike(next)) {
      lines.add("~ service " + name + " restarts: " + changes(running.launched(), next));
      steps.add(Step.of(name, Kind.RESTART));
    }
    if (running.config().workers() != next.workers()) {
      lines.add(
          "~ service "
              + name
              + " has "
              + next.workers()
              + " workers, not "
              + running.config().workers());
      steps.add(new Step(name, Kind.SCALE, next.workers(), null));
    }
    if (before == lines.size()) {
      boolean same = sameTreatment(running.config(), next);
      lines.add(
          (same ? "= service " : "~ service ")
              + name
              + (same
                  ? " stays"
                  : " stays, and is treated differently: " + treatment(running.config(), next)));
    }
  }

  private static void listeners(ServiceConfig old, ServiceConfig next, List<String> lines) {
    List<ListenerConfig> opened = new ArrayList<>(next.listeners());
    opened.removeIf(one -> holds(old, one));
    List<ListenerConfig> closed = new ArrayList<>(old.listeners());
    closed.removeIf(one -> holds(next, one));
    opened.forEach(one -> lines.add("+ " + next.name() + " listens on " + one.address()));
    closed.forEach(one -> lines.add("- " + next.name() + " listens on " + one.address()));
  }

  private static boolean holds(ServiceConfig config, ListenerConfig listener) {
    return config.listeners().stream().anyMatch(one -> one.address().equals(listener.address()));
  }

  private static String changes(ServiceConfig old, ServiceConfig next) {
    List<String> parts = new ArrayList<>();
    addIf(!old.launch().command().equals(next.launch().command()), "command", parts);
    addIf(!old.launch().directory().equals(next.launch().directory()), "directory", parts);
    addIf(!old.launch().environment().equals(next.launch().environment()), "environment", parts);
    addIf(
        !old.launch().environmentFile().equals(next.launch().environmentFile()),
        "environment-file",
        parts);
    addIf(!old.launch().javaHome().equals(next.launch().javaHome()), "java-home", parts);
    addIf(!old.launch().jvmOptions().equals(next.launch().jvmOptions()), "jvm-options", parts);
    addIf(!old.launch().user().equals(next.launch().user()), "user", parts);
    addIf(!old.launch().staging().equals(next.launch().staging()), "stage", parts);
    addIf(!old.listeners().equals(next.listeners()), "listeners", parts);
    addIf(!old.bind().equals(next.bind()), "bind", parts);
    addIf(!old.hasOutputLike(next), "output", parts);
    addIf(!old.hasLogsLike(next), "logs", parts);
    return String.join(", ", parts);
  }

  private static boolean sameTreatment(ServiceConfig old, ServiceConfig next) {
    return treatment(old, next).isEmpty();
  }

  private static String treatment(ServiceConfig old, ServiceConfig next) {
    List<String> parts = new ArrayList<>();
    addIf(!old.readiness().equals(next.readiness()), "ready", parts);
    addIf(!old.timing().equals(next.timing()), "drain, stop", parts);
    addIf(!old.restart().equals(next.restart()), "restart", parts);
    addIf(!old.failure().equals(next.failure()), "failure", parts);
    addIf(!old.after().equals(next.after()), "after", parts);
    // Their rotation; for anything else of them it would have to restart.
    addIf(old.hasOutputLike(next) && !old.output().equals(next.output()), "output", parts);
    addIf(old.hasLogsLike(next) && !old.logs().equals(next.logs()), "logs", parts);
    return String.join(", ", parts);
  }

  private static void addIf(boolean differs, String part, List<String> parts) {
    if (differs) {
      parts.add(part);
    }
  }
}
