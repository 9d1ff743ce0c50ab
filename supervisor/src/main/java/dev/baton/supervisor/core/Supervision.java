package dev.baton.supervisor.core;

import com.google.common.collect.ImmutableSet;
import dev.baton.supervisor.config.ServiceConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The state of one service and every decision about it. Facts say what happened; {@link #plan}
 * decides what to do next; time is an argument. Not thread-safe: it belongs to the loop.
 */
public final class Supervision {
  private final ServiceConfig config;
  private final Limits limits;
  private final Actions actions = new Actions();
  private final List<Slot> slots = new ArrayList<>();

  // Mutable state
  private int lastGeneration = 1;
  private @Nullable Rollout rollout;
  private boolean hasServed;
  private boolean stopping;
  private boolean hurried;
  private @Nullable Outcome startFailure;

  public Supervision(ServiceConfig config, long now) {
    this.config = config;
    this.limits = Limits.of(config.timing());
    for (int i = 0; i < config.workers(); i++) {
      slots.add(new Slot(i, now));
    }
  }

  // Facts. One about a worker that is gone already changes nothing.

  public void workerSpawned(WorkerId id, long pid) {
    with(id, worker -> worker.spawned(pid));
  }

  public void spawnFailed(WorkerId id, String reason) {
    with(id, worker -> worker.spawnFailed(reason));
  }

  public void workerAttached(WorkerId id, long pid, long now) {
    with(id, worker -> worker.attached(pid, now, actions));
  }

  /**
   * The worker has bound a listener and waits on its private face.
   *
   * @param switchable false when this host cannot exchange sockets: it is on the shared one
   */
  public void workerListens(WorkerId id, String listener, boolean switchable, long now) {
    with(id, worker -> worker.listens(listener, switchable, now, actions));
  }

  public void workerReleased(WorkerId id, String listener) {
    with(id, worker -> worker.released(listener));
  }

  public void probed(WorkerId id, boolean passed, String detail, long now) {
    with(id, worker -> worker.probed(passed, detail, now, actions));
  }

  /** The worker has put that face under all its listeners. */
  public void switched(WorkerId id, Face face, String detail, long now) {
    with(id, worker -> worker.switched(face, detail, now, actions));
  }

  public void connectionsCounted(WorkerId id, int open, long now) {
    with(id, worker -> worker.counted(open, now, actions));
  }

  /** The worker answered an order with a failure. */
  public void orderFailed(WorkerId id, String reason, long now) {
    with(id, worker -> worker.orderFailed(reason, now, actions));
  }

  public void workerDetached(WorkerId id) {
    with(id, Worker::detached);
  }

  public void workerExited(WorkerId id, int status) {
    with(id, worker -> worker.exitedWith(status));
  }

  // Commands

  /** Why a restart cannot begin now; null when it can. */
  public @Nullable String cannotRestart() {
    if (stopping) {
      return "the supervisor is stopping";
    }
    if (rollout != null) {
      return "a restart to generation " + rollout.generation() + " is already running";
    }
    return hasServed ? null : "the first generation is still starting";
  }

  /** Begins a restart, unless {@link #cannotRestart}. */
  public void restart(long now) {
    if (cannotRestart() == null) {
      rollout = new Rollout(++lastGeneration, slots, now);
      actions.restartStarted(now);
    }
  }

  /** Ends everything: each worker is drained, then stopped. */
  public void stop() {
    stopping = true;
  }

  /** Ends everything and lingers for nobody: each worker is stopped at once. */
  public void hurry() {
    stopping = true;
    hurried = true;
  }

  // The plan

  /** What to do now. Called again at once, it returns nothing. */
  public List<Action> plan(long now) {
    int before;
    do { // one decision may be the ground for the next
      before = actions.count();
      decide(now);
    } while (actions.count() > before);
    return actions.take();
  }

  private void decide(long now) {
    Set<String> expected = expected();
    workers().forEach(worker -> worker.plan(expected, now, actions));
    if (rollout != null) {
      advance(rollout, now);
    }
    slots.forEach(slot -> tend(slot, now));
    hasServed |= slots.stream().allMatch(slot -> isServing(slot.current()));
  }

  private void advance(Rollout running, long now) {
    if (stopping) {
      running.fail(null, "the supervisor was told to stop");
    }
    running.advance(this::newWorker, now, actions);
    if (running.isOver()) {
      Outcome outcome = running.outcome(now);
      rollout = null;
      actions.restartOver();
      actions.add(edges -> edges.finishRestart(outcome));
    }
  }

  /** Outside of a restart: one worker in each slot, switched on when it is ready. */
  private void tend(Slot slot, long now) {
    Worker current = slot.current();
    if (current != null && current.state().isEnding() && !hasServed && !stopping) {
      startFailed(current, now);
    }
    if (stopping) {
      slot.workers().forEach(worker -> worker.drain("the service stops", now, actions));
      if (hurried) {
        slot.workers().forEach(worker -> worker.hurry(now, actions));
      }
    } else if (current != null && current.state() == WorkerState.READY) {
      current.switchOn(now, actions);
    }
    slot.bury(now);
    if (mayFill(slot) && slot.isVacant(now)) {
      slot.setCurrent(newWorker(slot, slot.servedGeneration(), now));
    }
  }

  private boolean mayFill(Slot slot) {
    return !stopping && (rollout == null || !rollout.isAt(slot));
  }

  /** A service that never served is a mistake of its operator, who is there to read it. */
  private void startFailed(Worker worker, long now) {
    String reason = worker.id() + " " + worker.failure();
    startFailure = new Outcome(false, 1, worker.id(), reason, now - worker.launchedAt());
    stopping = true;
  }

  private Worker newWorker(Slot slot, int generation, long now) {
    Worker worker = new Worker(slot.newId(config.name(), generation), limits, now);
    worker.launch(actions);
    return worker;
  }

  /** What a worker must listen on: what was configured, and what those that serve listen on. */
  private Set<String> expected() {
    Set<String> expected = new TreeSet<>();
    config.listeners().forEach(listener -> expected.add(listener.address().toString()));
    workers().filter(Supervision::isServing).forEach(w -> expected.addAll(w.listening()));
    return expected;
  }

  private static boolean isServing(@Nullable Worker worker) {
    return worker != null && worker.state() == WorkerState.SERVING;
  }

  /** When to plan again if no fact comes before. */
  public long nextDeadline(long now) {
    long wait = workers().mapToLong(w -> w.nextDeadline(now) - now).min().orElse(Worker.FAR);
    for (Slot slot : slots) {
      Long vacantAt = slot.vacantAt();
      if (vacantAt != null && mayFill(slot)) {
        wait = Math.min(wait, vacantAt - now);
      }
    }
    return now + Math.max(0, wait);
  }

  /** Nothing runs any more, and nothing will. */
  public boolean isFinished() {
    return stopping && workers().findAny().isEmpty();
  }

  /** Why the first generation never served; null if it did, or still may. */
  public @Nullable Outcome startFailure() {
    return startFailure;
  }

  /** A picture for other threads. */
  public ServiceStatus status() {
    int generation = slots.stream().mapToInt(Slot::servedGeneration).max().orElse(1);
    List<WorkerStatus> all = workers().map(Worker::status).toList();
    return new ServiceStatus(
        config.name(), generation, phase(), all, ImmutableSet.copyOf(expected()));
  }

  private ServiceStatus.Phase phase() {
    if (stopping) {
      return ServiceStatus.Phase.STOPPING;
    }
    if (rollout != null) {
      return ServiceStatus.Phase.RESTARTING;
    }
    return hasServed ? ServiceStatus.Phase.SERVING : ServiceStatus.Phase.STARTING;
  }

  private void with(WorkerId id, Consumer<Worker> fact) {
    workers().filter(worker -> worker.id().equals(id)).forEach(fact);
  }

  private Stream<Worker> workers() {
    return slots.stream().flatMap(slot -> slot.workers().stream());
  }
}
