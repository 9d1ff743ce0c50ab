package dev.baton.supervisor.core;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.config.SupervisorLog;
import dev.baton.supervisor.config.WarmUp;
import dev.baton.supervisor.core.Operation.Refusal;
import dev.baton.supervisor.core.Operation.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** A supervision whose world is the test: what it asks for is written down, in words. */
final class Scripted implements Edges {
  static final String PORT = "tcp:*:8080";
  static final long SECOND = 1_000_000_000L;

  final Supervision supervision;
  final List<String> asked = new ArrayList<>();
  long now = 1_000 * SECOND;
  @Nullable Outcome outcome;
  @Nullable Refusal refusal;
  Memory memory = Memory.UNKNOWN;
  String preparationFailure = "";
  String difference = "";
  final Set<String> discarded = new TreeSet<>();
  final List<WorkerId> pinged = new ArrayList<>();
  final Set<WorkerId> lowered = new HashSet<>();
  boolean raises = true;
  final List<String> told = new ArrayList<>();
  final Map<WorkerId, Long> drained = new HashMap<>();
  final Map<WorkerId, String> remains = new HashMap<>();
  Set<String> keptListeners = Set.of("all");
  private final List<Runnable> answers = new ArrayList<>();

  Scripted(int workers) {
    this(ServiceConfig.running("web", List.of("java")).workers(workers).build());
  }

  Scripted(ServiceConfig config) {
    this(Config.of(config, 4096));
  }

  Scripted(Config config) {
    this(config, true);
  }

  /** See {@link Supervision} for what the first failure may end. */
  Scripted(Config config, boolean endsWithFirstFailure) {
    supervision = new Supervision(config, endsWithFirstFailure, now);
  }

  /** Goes on where another supervisor has ended. */
  Scripted(Snapshot before) {
    supervision = Supervision.resume(before, SupervisorLog.DEFAULT, false, now);
  }

  /** The service {@code web}, with that many workers. */
  static ServiceConfig.Builder web(int workers) {
    return ServiceConfig.running("web", List.of("java")).workers(workers);
  }

  /** All its workers serve. */
  static Scripted serving(ServiceConfig.Builder config) {
    Scripted web = new Scripted(config.build());
    web.turn();
    for (int slot = 0; slot < web.status().wanted(); slot++) {
      web.serves(id(1, slot, 1));
    }
    return web;
  }

  static WorkerId id(int generation, int slot, int attempt) {
    return new WorkerId("web", generation, slot, attempt);
  }

  /** Plans and performs; returns what was asked for since the last call. */
  List<String> turn() {
    do {
      answers.forEach(Runnable::run);
      answers.clear();
      supervision.plan(now).forEach(action -> action.performOn(this));
    } while (!answers.isEmpty());
    List<String> fresh = List.copyOf(asked);
    asked.clear();
    return fresh;
  }

  List<String> restart() {
    refusal = begin(Operation.Kind.RESTART);
    return turn();
  }

  @Nullable Refusal begin(Operation.Kind kind) {
    return begin(Step.of("web", kind));
  }

  @Nullable Refusal begin(Step step) {
    return supervision.begin(new Operation(1, ImmutableList.of(step), false), now);
  }

  List<String> after(long seconds) {
    now += seconds * SECOND;
    return turn();
  }

  /** From launch to the moment its gates are tried. */
  List<String> boots(WorkerId id) {
    supervision.workerSpawned(id, 100, ArchiveUse.NONE);
    supervision.workerAttached(id, 101, now);
    supervision.workerListens(id, PORT, true, now);
    return turn();
  }

  List<String> passes(WorkerId id) {
    supervision.probed(id, true, "fine", 1_000_000, now);
    return turn();
  }

  List<String> switched(WorkerId id, Face face) {
    supervision.switched(id, face, "", now);
    return turn();
  }

  /** From launch to serving. */
  void serves(WorkerId id) {
    boots(id);
    passes(id);
    switched(id, Face.SHARED);
  }

  List<String> counted(WorkerId id, int open) {
    supervision.connectionsCounted(id, open, now);
    return turn();
  }

  List<String> dies(WorkerId id, int status) {
    supervision.workerDetached(id);
    supervision.workerExited(id, status);
    return turn();
  }

  /** Drains a worker that was switched off, until it gets SIGTERM. */
  List<String> drains(WorkerId id) {
    switched(id, Face.PRIVATE);
    counted(id, 0);
    after(1);
    return counted(id, 0);
  }

  /**
   * Does what was asked for, as healthy workers do.
   *
   * @param probeMillis how long each takes to answer at its gates
   */
  List<String> obey(List<String> all, ToLongFunction<WorkerId> probeMillis) {
    List<WorkerId> workers =
        supervision.status().stream()
            .flatMap(service -> service.workers().stream())
            .map(WorkerStatus::id)
            .toList();
    for (String one : all) {
      for (WorkerId id : workers) {
        if (one.split(" ", -1).length > 1 && one.split(" ", -1)[1].equals(id.toString())) {
          obey(one, id, probeMillis.applyAsLong(id) * 1_000_000);
        }
      }
    }
    pinged.forEach(supervision::heard);
    return turn();
  }

  private void obey(String order, WorkerId id, long probeNanos) {
    switch (order.substring(0, order.indexOf(' '))) {
      case "spawn" -> {
        supervision.workerSpawned(id, 100, ArchiveUse.NONE);
        supervision.workerAttached(id, 101, now);
        supervision.workerListens(id, PORT, true, now);
      }
      case "probe" -> supervision.probed(id, true, "fine", probeNanos, now);
      case "switch" ->
          supervision.switched(id, order.endsWith(" SHARED") ? Face.SHARED : Face.PRIVATE, "", now);
      case "count" -> supervision.connectionsCounted(id, 0, now);
      case "terminate" -> {
        supervision.workerDetached(id);
        supervision.workerExited(id, 143);
      }
      default -> {}
    }
  }

  /** From switched off to gone. */
  List<String> leaves(WorkerId id) {
    drains(id);
    return dies(id, 143);
  }

  String reason() {
    return Objects.requireNonNull(outcome).reason();
  }

  ServiceStatus status() {
    return supervision.status().get(0);
  }

  WorkerState state(WorkerId id) {
    return supervision.status().stream()
        .flatMap(service -> service.workers().stream())
        .filter(worker -> worker.id().equals(id))
        .map(WorkerStatus::state)
        .findFirst()
        .orElse(WorkerState.GONE);
  }

  @Override
  public void prepare(String service, Generation generation, Set<WorkerId> beside) {
    int number = generation.number();
    answers.add(
        () -> {
          if (preparationFailure.isEmpty()) {
            supervision.prepared(service, number, memory);
          } else {
            supervision.preparationFailed(service, number, preparationFailure, now);
          }
        });
  }

  @Override
  public void compare(Generation generation) {
    String service = generation.config().name();
    int number = generation.number();
    answers.add(() -> supervision.compared(service, number, difference));
  }

  @Override
  public void discard(String service, int generation) {
    discarded.add(service + ".g" + generation);
  }

  @Override
  public void spawn(WorkerId id, Generation generation, boolean gently) {
    asked.add("spawn " + id);
    if (gently) {
      lowered.add(id);
    }
  }

  /** At once, unless it is for the test to answer. */
  @Override
  public void raise(WorkerId id) {
    if (raises) {
      answers.add(() -> supervision.raised(id, "", now));
    } else {
      asked.add("raise " + id);
    }
  }

  @Override
  public void probe(WorkerId id, Face face) {
    asked.add("probe " + id + (face == Face.SHARED ? " SHARED" : ""));
  }

  @Override
  public void warmUp(WorkerId id, WarmUp how) {
    asked.add("warm up " + id);
  }

  @Override
  public void endWarmUp(WorkerId id) {
    asked.add("end warm-up of " + id);
  }

  @Override
  public void searchOutput(WorkerId id, String pattern) {
    asked.add("search " + id + " " + pattern);
  }

  @Override
  public void ping(WorkerId id) {
    pinged.add(id);
  }

  @Override
  public void closeSlot(String service, int slot) {
    asked.add("close slot " + slot + " of " + service);
  }

  @Override
  public void closeListeners(String service, Set<String> kept) {
    keptListeners = new TreeSet<>(kept);
  }

  @Override
  public void switchTo(WorkerId id, Face face) {
    asked.add("switch " + id + " " + face);
  }

  @Override
  public void drain(WorkerId id, long nanos) {
    drained.put(id, nanos);
    switchTo(id, Face.PRIVATE);
  }

  @Override
  public void countConnections(WorkerId id) {
    asked.add("count " + id);
  }

  @Override
  public void terminate(WorkerId id) {
    asked.add("terminate " + id);
  }

  @Override
  public void diagnose(WorkerId id, WorkerState in, @Nullable Figures figures) {
    asked.add("diagnose " + id);
  }

  @Override
  public void keepRemains(WorkerId id, String reason) {
    remains.put(id, reason);
  }

  @Override
  public void makeArchive(WorkerId id) {
    asked.add("archive " + id);
  }

  @Override
  public void setArchiveAside(WorkerId id, String reason) {
    asked.add("set-aside " + id);
  }

  @Override
  public void kill(WorkerId id) {
    asked.add("kill " + id);
  }

  @Override
  public void forget(WorkerId id) {
    asked.add("forget " + id);
  }

  @Override
  public void announce(Transition transition) {
    told.add(transition.worker() + " " + transition.state() + ": " + transition.reason());
  }

  @Override
  public void finish(Outcome result) {
    if (result.operation() != 0) {
      outcome = result;
      asked.add(result.success() ? "succeeded" : "failed");
    }
  }
}
