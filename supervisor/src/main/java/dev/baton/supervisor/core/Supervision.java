package dev.baton.supervisor.core;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.config.SupervisorLog;
import dev.baton.supervisor.core.Operation.Refusal;
import dev.baton.supervisor.core.Operation.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state of all services and every decision about them. Facts say what happened; {@link #plan}
 * decides what to do next; time is an argument. Not thread-safe: it belongs to the loop.
 */
public final class Supervision {
  private final boolean endsWithFirstFailure;

  // Mutable state
  private final Map<String, Service> services = new LinkedHashMap<>();
  private final Map<String, Integer> removed = new HashMap<>();
  private final List<Running> operations = new ArrayList<>();
  private final List<Action> decided = new ArrayList<>();
  private SupervisorLog log;
  private int decisionsOfRemoved;
  private final Set<String> startAgain = new HashSet<>();
  private boolean stopping;
  private @Nullable Outcome startFailure;

  /** An operation and what of it is still to be done. */
  private static final class Running {
    private final Operation operation;
    private int position;

    private Running(Operation operation) {
      this.operation = operation;
    }

    private boolean isAt(String service) {
      return position < operation.steps().size()
          && operation.steps().get(position).service().equals(service);
    }
  }

  /**
   * Starts all services.
   *
   * @param endsWithFirstFailure whether a service that never served ends everything: its operator
   *     is there to read why
   */
  public Supervision(Config config, boolean endsWithFirstFailure, long now) {
    this.endsWithFirstFailure = endsWithFirstFailure;
    this.log = config.log();
    for (ServiceConfig one : config.services().values()) {
      add(one, now).start(0, now);
    }
  }

  /**
   * Goes on where another supervisor has ended, with what it knew. What has become of its workers
   * is told by facts, before the first plan: each {@link #workerReattached}, {@link #workerExited}
   * or {@link #workerLost}.
   *
   * @param log its own, by that configuration
   */
  public static Supervision resume(
      Snapshot record, SupervisorLog log, boolean endsWithFirstFailure, long now) {
    return new Supervision(record, log, endsWithFirstFailure, now);
  }

  private Supervision(Snapshot record, SupervisorLog log, boolean endsWithFirstFailure, long now) {
    this.endsWithFirstFailure = endsWithFirstFailure;
    this.log = log;
    for (Snapshot.OfService one : record.services()) {
      services.put(one.name(), Service.resume(one, now));
      if (record.stopping()) {
        startAgain.add(one.name()); // somebody has started us, so somebody wants them
      }
    }
    removed.putAll(record.removed());
    for (Snapshot.OfOperation one : record.operations()) {
      Running running = new Running(one.operation());
      running.position = one.position();
      operations.add(running);
    }
  }

  /** What another supervisor would have to know to go on. */
  public Snapshot snapshot() {
    ImmutableList.Builder<Snapshot.OfService> all = ImmutableList.builder();
    services.values().forEach(service -> all.add(service.snapshot()));
    return new Snapshot(
        all.build(),
        ImmutableMap.copyOf(removed),
        operations.stream()
            .map(one -> new Snapshot.OfOperation(one.operation, one.position))
            .collect(ImmutableList.toImmutableList()),
        stopping);
  }

  private Service add(ServiceConfig config, long now) {
    // A service that comes back goes on counting, so that no two workers ever have the same name.
    int generation = removed.getOrDefault(config.name(), 0) + 1;
    Service service = new Service(config, generation, now);
    services.put(config.name(), service);
    return service;
  }

  // Facts. One about a worker that is gone already changes nothing.

  /** What a generation is launched from has been copied, and the memory looked at. */
  public void prepared(String service, int generation, Memory memory) {
    withService(service, one -> one.prepared(generation, memory));
  }

  public void preparationFailed(String service, int generation, String reason, long now) {
    withService(service, one -> one.preparationFailed(generation, reason, now));
  }

  /**
   * What a generation was launched from has been compared with what is there now.
   *
   * @param difference one clause; empty if there is none
   */
  public void compared(String service, int generation, String difference) {
    withService(service, one -> one.compared(generation, difference));
  }

  public void workerSpawned(WorkerId id, long pid, ArchiveUse archive) {
    with(id, (worker, actions) -> worker.spawned(pid, archive));
  }

  public void spawnFailed(WorkerId id, String reason) {
    with(id, (worker, actions) -> worker.spawnFailed(reason));
  }

  public void workerAttached(WorkerId id, long pid, long now) {
    with(id, (worker, actions) -> worker.attached(pid, now, actions));
  }

  /**
   * The worker has bound a listener and waits on its private face.
   *
   * @param switchable false when this host cannot exchange sockets: it is on the shared one
   */
  public void workerListens(WorkerId id, String listener, boolean switchable, long now) {
    with(id, (worker, actions) -> worker.listens(listener, switchable, now, actions));
  }

  public void workerReleased(WorkerId id, String listener, long now) {
    with(id, (worker, actions) -> worker.released(listener, now, actions));
  }

  /**
   * A worker has come back, to another supervisor or to this one, and offered what it holds.
   *
   * @param listening on what
   * @param switchable whether all of that can be switched
   * @param accepts whether any of it may be on its shared socket
   */
  public void workerReattached(
      WorkerId id, long pid, Set<String> listening, boolean switchable, boolean accepts, long now) {
    with(
        id,
        (worker, actions) -> worker.reattached(pid, listening, switchable, accepts, now, actions));
  }

  /** A worker that should have come back has not, though its process lives. */
  public void workerLost(WorkerId id, long now) {
    with(id, (worker, actions) -> worker.lost(now, actions));
  }

  /** What it does, in its own words. */
  public void workerSays(WorkerId id, String text) {
    ifThere(id.service(), service -> service.show(id, worker -> worker.says(text)));
  }

  /** How its JVM does. */
  public void workerTells(WorkerId id, Figures figures) {
    ifThere(id.service(), service -> service.show(id, worker -> worker.tells(figures)));
  }

  /** It is written down why it is still alive. */
  public void diagnosed(WorkerId id, long now) {
    with(id, (worker, actions) -> worker.diagnosed(now, actions));
  }

  /** The worker has said something, whatever it was. */
  public void heard(WorkerId id) {
    ifThere(id.service(), service -> service.heard(id));
  }

  /**
   * Its gates were tried.
   *
   * @param nanos how long the last request took
   */
  public void probed(WorkerId id, boolean passed, String detail, long nanos, long now) {
    with(id, (worker, actions) -> worker.probed(passed, detail, nanos, now, actions));
  }

  /** How far its warm-up is. */
  public void warmingUp(WorkerId id, String progress, long now) {
    with(id, (worker, actions) -> worker.warmingUp(progress, now, actions));
  }

  /**
   * Its warm-up is over.
   *
   * @param passed false only if it has answered nothing at all
   */
  public void warmedUp(WorkerId id, boolean passed, String detail, long now) {
    with(id, (worker, actions) -> worker.warmedUp(passed, detail, now, actions));
  }

  /**
   * It has its full weight.
   *
   * @param trouble what of it could not be raised, and why; empty when all could
   */
  public void raised(WorkerId id, String trouble, long now) {
    with(id, (worker, actions) -> worker.raised(trouble, now, actions));
  }

  /**
   * Its output was looked through.
   *
   * @param match the line that was found; null for none
   */
  public void outputSearched(WorkerId id, @Nullable String match) {
    withService(id.service(), service -> service.outputSearched(id, match));
  }

  /** The worker has put that face under all its listeners. */
  public void switched(WorkerId id, Face face, String detail, long now) {
    with(id, (worker, actions) -> worker.switched(face, detail, now, actions));
  }

  public void connectionsCounted(WorkerId id, int open, long now) {
    with(id, (worker, actions) -> worker.counted(open, now, actions));
  }

  /** The worker answered an order with a failure. */
  public void orderFailed(WorkerId id, String reason, long now) {
    with(id, (worker, actions) -> worker.orderFailed(reason, now, actions));
  }

  public void workerDetached(WorkerId id) {
    with(id, (worker, actions) -> worker.detached());
  }

  public void workerExited(WorkerId id, int status) {
    with(id, (worker, actions) -> worker.exitedWith(status));
  }

  // Commands

  /** The services there are, in the order of the configuration. */
  public ImmutableList<String> services() {
    return ImmutableList.copyOf(services.keySet());
  }

  /** Begins an operation; returns why not, or null when it has begun. */
  public @Nullable Refusal begin(Operation operation, long now) {
    Refusal refusal = whyNot(operation);
    if (refusal == null) {
      Running running = new Running(operation);
      operations.add(running);
      step(running, now);
    }
    return refusal;
  }

  private @Nullable Refusal whyNot(Operation operation) {
    if (stopping) {
      return new Refusal(true, "the supervisor is stopping");
    }
    for (Step step : operation.steps()) {
      Refusal refusal = whyNot(step);
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  private @Nullable Refusal whyNot(Step step) {
    String name = step.service();
    Service service = services.get(name);
    if (service == null) {
      String known = String.join(", ", services.keySet());
      return new Refusal(false, "there is no service " + name + "; there are: " + known);
    }
    boolean ends = step.kind() == Operation.Kind.STOP || step.kind() == Operation.Kind.REMOVE;
    boolean busy = operations.stream().anyMatch(one -> one.operation.services().contains(name));
    if (busy || (service.isChanging() && !ends)) {
      return new Refusal(true, service.busyWith());
    }
    return switch (step.kind()) {
      case START -> service.isWanted() ? new Refusal(false, name + " is started already") : null;
      case RESTART, SCALE, RESET ->
          service.isWanted() ? null : new Refusal(false, name + " is stopped; start it first");
      case ROLLBACK -> {
        String why = service.isWanted() ? service.cannotRollBack() : "it is stopped";
        yield why == null ? null : new Refusal(false, name + ": " + why);
      }
      case PROMOTE -> {
        String why = service.isWanted() ? service.cannotPromote() : "it is stopped";
        yield why == null ? null : new Refusal(false, name + ": " + why);
      }
      case STOP, REMOVE -> null;
    };
  }

  /** What another configuration would change. */
  public ReloadPlan planReload(Config next) {
    Map<String, ReloadPlan.Now> now = new LinkedHashMap<>();
    services.forEach((name, one) -> now.put(name, one.asItIs()));
    return ReloadPlan.of(log, now, next);
  }

  /**
   * Makes what runs as another configuration wants it. Its new listeners are open.
   *
   * @param operation the steps of its plan
   * @return why not; null when it has begun
   */
  public @Nullable Refusal reload(Operation operation, Config next, long now) {
    if (stopping) {
      return new Refusal(true, "the supervisor is stopping");
    }
    for (Service service : services.values()) {
      if (service.isChanging()) {
        return new Refusal(true, service.busyWith());
      }
    }
    log = next.log();
    next.services().forEach((name, config) -> adopt(config, now));
    Running running = new Running(operation);
    operations.add(running);
    step(running, now);
    return null;
  }

  private void adopt(ServiceConfig config, long now) {
    Service service = services.get(config.name());
    if (service == null) {
      add(config, now);
    } else {
      // How many workers there are is a step of its own.
      int workers = service.isWanted() ? service.config().workers() : config.workers();
      service.configure(config.toBuilder().workers(workers).build());
    }
  }

  /** Ends everything: each worker is drained, then stopped; those that others need go last. */
  public void stop(long now) {
    if (!stopping) {
      stopping = true;
      operations.clear(); // the service each is at ends its part
      services.values().forEach(service -> service.stop(0, now));
    }
  }

  /** Ends everything and lingers for nobody: each worker is stopped at once. */
  public void hurry(long now) {
    stop(now);
    services.values().forEach(Service::hurry);
  }

  private void step(Running running, long now) {
    if (running.position == running.operation.steps().size()) {
      operations.remove(running);
      Outcome nothing =
          new Outcome(running.operation.id(), "", true, 0, 0, null, "nothing to do", 0, 0, true);
      decided.add(edges -> edges.finish(nothing));
      return;
    }
    Step step = running.operation.steps().get(running.position);
    Service service = Objects.requireNonNull(services.get(step.service()));
    long id = running.operation.id();
    switch (step.kind()) {
      case START -> service.start(id, now);
      case STOP, REMOVE -> service.stop(id, now);
      case RESTART -> service.restart(id, step.strategy(), now);
      case PROMOTE -> service.promote(id, now);
      case ROLLBACK -> service.rollBack(id, now);
      case SCALE -> service.scale(id, step.workers(), now);
      case RESET -> service.reset(id, now);
    }
  }

  // The plan

  /** What to do now. Called again at once, it returns nothing. */
  public List<Action> plan(long now) {
    int before;
    do { // one decision may be the ground for the next, in other services too
      before = decisions();
      List.copyOf(services.values()).forEach(one -> look(one, now));
    } while (decisions() > before);
    List<Action> all = List.copyOf(decided);
    decided.clear();
    return all;
  }

  /** Most services have no news, and no deadline: of hundreds only a few are looked at. */
  private void look(Service service, long now) {
    if (!service.isDue(now)) {
      return;
    }
    int before = service.actions().count();
    if (service.isStopped() && startAgain.remove(service.name())) {
      service.start(0, now);
    }
    service.decide(mayRun(service), mayStop(service), now);
    followUp(service, now);
    decided.addAll(service.actions().take());
    if (service.actions().count() > before) {
      services.values().forEach(other -> other.noteChangeOf(service));
    } else {
      service.rest(mayRun(service), now);
    }
  }

  /** Has the next plan look at every service, news or not. */
  void lookAtAll() {
    services.values().forEach(Service::touch);
  }

  private int decisions() {
    return decisionsOfRemoved
        + decided.size()
        + services.values().stream().mapToInt(s -> s.actions().count()).sum();
  }

  private boolean mayRun(Service service) {
    return service.config().after().stream()
        .map(services::get)
        .allMatch(before -> before == null || before.hasServed());
  }

  private boolean mayStop(Service service) {
    return !stopping
        || services.values().stream()
            .filter(other -> other.config().after().contains(service.name()))
            .allMatch(Service::isStopped);
  }

  /** Reports what has ended, and lets operations go on. */
  private void followUp(Service service, long now) {
    Outcome failure = service.startFailure();
    if (endsWithFirstFailure && failure != null && startFailure == null) {
      startFailure = failure;
      stop(now);
    }
    for (Outcome end = service.takeEnded(); end != null; end = service.takeEnded()) {
      report(service, end, now);
    }
  }

  private void report(Service service, Outcome end, long now) {
    Running running =
        operations.stream()
            .filter(one -> one.operation.id() == end.operation() && one.isAt(service.name()))
            .findFirst()
            .orElse(null);
    boolean last = running == null || isLast(running, end);
    // In the order in which they ended, each after what was decided before.
    decided.addAll(service.actions().take());
    decided.add(edges -> edges.finish(end.asLast(last)));
    if (running == null) {
      return;
    }
    if (running.operation.steps().get(running.position).kind() == Operation.Kind.REMOVE) {
      service.generations().discardAll(service.actions());
      removed.put(service.name(), service.generations().last());
      decided.addAll(service.actions().take());
      decisionsOfRemoved += service.actions().count();
      services.remove(service.name());
    }
    running.position++;
    if (last) {
      operations.remove(running);
    } else {
      step(running, now);
    }
  }

  private static boolean isLast(Running running, Outcome end) {
    boolean done = running.position + 1 == running.operation.steps().size();
    return done || (!end.success() && !running.operation.goesOn());
  }

  /** When to plan again if no fact comes before. */
  public long nextDeadline(long now) {
    long wait = Worker.FAR;
    for (Service service : services.values()) {
      wait = Math.min(wait, service.nextLook(now) - now);
    }
    return now + Math.max(0, wait);
  }

  /** Nothing runs any more, and nothing will. */
  public boolean isFinished() {
    return stopping && services.values().stream().allMatch(Service::isStopped);
  }

  /** Why the first generation never served; null if it did, or still may. */
  public @Nullable Outcome startFailure() {
    return startFailure;
  }

  /** Whether everything is about to end. */
  public boolean isStopping() {
    return stopping;
  }

  /** Whether anything is on its way from one state to another, in any service. */
  public boolean isChanging() {
    return stopping || services.values().stream().anyMatch(Service::isChanging);
  }

  /** Whether the outcome of a restart or a roll-back of that service is still to come. */
  public boolean isRestarting(String name) {
    Service service = services.get(name);
    return service != null && service.isRestarting();
  }

  /** Whether the worker waits for the end of one that serves. */
  public boolean isStandby(WorkerId id) {
    Service service = services.get(id.service());
    return service != null && service.isStandby(id);
  }

  /** Whether an old worker of the service goes before a new one comes, by its configuration. */
  boolean mayLeaveNobody(String name) {
    Service service = services.get(name);
    return service == null || service.mayLeaveNobody();
  }

  /** A picture for other threads. */
  public ImmutableList<ServiceStatus> status() {
    return services.values().stream()
        .map(service -> service.status(mayRun(service)))
        .collect(ImmutableList.toImmutableList());
  }

  private void withService(String name, Consumer<Service> fact) {
    ifThere(
        name,
        service -> {
          fact.accept(service);
          service.touch();
        });
  }

  private void with(WorkerId id, BiConsumer<Worker, Actions> fact) {
    ifThere(id.service(), service -> service.with(id, fact));
  }

  private void ifThere(String name, Consumer<Service> what) {
    Service service = services.get(name);
    if (service != null) {
      what.accept(service);
    }
  }
}
