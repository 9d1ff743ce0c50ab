package dev.baton.supervisor.core;

import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.RestartPolicy.Strategy;
import dev.baton.supervisor.config.SupervisorLog;
import dev.baton.supervisor.config.WarmUp;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A simulated world around a supervision: processes, lost messages, time; and what must hold. */
final class World implements Edges {
  /** Making them costs as much as all the rest. */
  private static final int LOOKS_FOR_PICTURES = 16;

  private static final long MILLI = 1_000_000L;
  private static final long LONGEST_END = 600_000 * MILLI;
  private static final int MOST_TURNS = 100_000;
  private static final int MOST_IN_A_SLOT = 3;
  private static final int REMEMBERED = Integer.getInteger("baton.history", 150);

  private Supervision supervision;
  private int looks;
  private Snapshot saved;
  private final Random random;
  private final boolean remembers;
  private final Map<WorkerId, Jvm> processes = new LinkedHashMap<>();
  private final Set<WorkerId> forgotten = new HashSet<>();
  private final Set<String> copies = new HashSet<>();
  private final Set<String> setAside = new HashSet<>();
  private final Set<Long> open = new HashSet<>();
  private final Map<Long, Operation> begun = new HashMap<>();
  private final Map<Long, Integer> stepsEnded = new HashMap<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
  private final Deque<String> history = new ArrayDeque<>();

  private final SteadyClock clock = new SteadyClock();
  private long raw = 5_000 * MILLI;
  private long now = raw;
  private long order;
  private long lastOperation;
  private int restarts;
  private int deaths;
  private int life;
  private boolean stopping;

  private record Event(long at, long order, Runnable fact) {}

  /**
   * Begins with the start of all services.
   *
   * @param remembers whether it keeps a history, which takes time
   */
  World(Config config, Random random, boolean remembers) {
    this.random = random;
    this.remembers = remembers;
    this.supervision = new Supervision(config, false, now);
    this.saved = supervision.snapshot();
  }

  /** How many operations have ended. */
  int ended() {
    return (int) lastOperation - open.size();
  }

  int deaths() {
    return deaths;
  }

  int restarts() {
    return restarts;
  }

  String history() {
    return String.join("\n", history);
  }

  Supervision supervision() {
    return supervision;
  }

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /** Lets things happen, with whatever commands in between. */
  void live(int turns, Runnable commands) {
    for (int i = 0; i < turns; i++) {
      commands.run();
      if (chance(1)) {
        leap(random.nextInt(600_000) * MILLI);
      }
      if (chance(1)) {
        dieAndComeBack();
      } else {
        turn();
      }
    }
  }

  /** The supervisor is killed somewhere in its turn, and the next one goes on. */
  private void dieAndComeBack() {
    deaths++;
    List<Action> actions = chance(50) ? supervision.plan(now) : List.of();
    if (!actions.isEmpty()) {
      saved = supervision.snapshot();
    }
    int done = random.nextInt(actions.size() + 1);
    note("the supervisor performs " + done + " of " + actions.size() + " actions, and is killed");
    perform(actions.subList(0, done));
    life++;
    Set<Long> known = new HashSet<>();
    for (Snapshot.OfOperation one : saved.operations()) {
      known.add(one.operation().id());
      stepsEnded.put(one.operation().id(), one.position());
    }
    open.retainAll(known); // whoever waits for another one has lost its connection
    processes.values().forEach(this::afterDeath);
    passTo(now + random.nextInt(2000) * MILLI);
    Set<WorkerId> wanted = new HashSet<>();
    Snapshot found = saved.with(one -> found(one, wanted));
    for (Jvm process : processes.values()) {
      if (!wanted.contains(process.id)) {
        check(process.dead, process.id + " lives, and the next supervisor does not know it");
        process.exitKnown = true;
        process.detachKnown = true;
        forgotten.add(process.id);
      }
    }
    supervision = Supervision.resume(found, SupervisorLog.DEFAULT, false, now);
    keepCopies(found);
    for (Snapshot.OfService service : found.services()) {
      service.workers().forEach(one -> comeBack(Objects.requireNonNull(processes.get(one.id()))));
    }
  }

  /** What was under way when the supervisor died may have been done. */
  private void afterDeath(Jvm process) {
    process.warming = false;
    if (process.ordered != null && !process.dead && chance(50)) {
      process.told = process.ordered;
      process.served |= process.told == Face.SHARED;
    }
    process.ordered = null;
  }

  private Snapshot.@Nullable OfWorker found(Snapshot.OfWorker one, Set<WorkerId> wanted) {
    Jvm process = processes.get(one.id());
    if (process == null || (one.rootPid() == 0 && process.dead)) {
      return null; // it was never started, or nobody has seen it
    }
    wanted.add(one.id());
    return one.rootPid() == 0 ? one.startedAs(process.pid) : one;
  }

  private void keepCopies(Snapshot found) {
    Set<String> kept = new HashSet<>();
    for (Snapshot.OfService service : found.services()) {
      service.prepared().forEach(number -> kept.add(service.name() + ".g" + number));
    }
    check(copies.containsAll(kept), "copies are missing: " + kept);
    copies.retainAll(kept);
  }

  private void comeBack(Jvm process) {
    if (process.dead) {
      note(process.id + " has died meanwhile");
      process.exitKnown = true;
      process.detachKnown = true;
      supervision.workerExited(process.id, -1);
    } else if (process.attached && !process.hung && !chance(3)) {
      note(process.id + " comes back, " + process.told);
      boolean accepts = process.told == Face.SHARED;
      supervision.workerReattached(
          process.id, process.jvm(), process.listening, true, accepts, now);
    } else if (process.attached) {
      note(process.id + " does not come back");
      process.detachKnown = true; // it has no connection that could end
      process.failedAnOrder = true;
      process.hung = true;
      supervision.workerLost(process.id, now);
    }
  }

  /** The host was suspended, and all that runs on it. */
  private void leap(long nanos) {
    note("the clock leaps");
    raw += nanos;
    now = clock.read(raw, now);
  }

  /** Asks for something; returns whether it has begun. */
  boolean command(Operation operation) {
    boolean began = supervision.begin(operation, now) == null;
    note("command " + operation + (began ? " begins" : " is refused"));
    accept(operation, began);
    boolean again = supervision.begin(operation, now) == null;
    check(!began || !again, "the same operation twice at once");
    accept(operation, again && !began);
    return began;
  }

  void reload(Config next) {
    Operation operation =
        new Operation(nextOperation(), supervision.planReload(next).steps(), true);
    boolean began = supervision.reload(operation, next, now) == null;
    note("reload of " + operation + (began ? " begins" : " is refused"));
    accept(operation, began);
  }

  long nextOperation() {
    return lastOperation + 1;
  }

  private void accept(Operation operation, boolean began) {
    if (began) {
      lastOperation = operation.id();
      open.add(operation.id());
      begun.put(operation.id(), operation);
    }
  }

  /** Ends everything, which must not take for ever. */
  void stop() {
    note("command stop");
    stopping = true;
    supervision.stop(now);
    long latest = now + LONGEST_END;
    boolean impatient = random.nextBoolean();
    for (int i = 0; !supervision.isFinished(); i++) {
      if (impatient && i == 1) {
        supervision.hurry(now);
      }
      check(now < latest && i < MOST_TURNS, "does not end: " + supervision.status());
      turn();
    }
    perform(supervision.plan(now));
    check(processes.values().stream().allMatch(p -> p.dead), "a process is left");
    check(forgotten.equals(processes.keySet()), "not everything was closed");
    check(open.isEmpty(), "operations without an end: " + open);
  }

  /** Plans, performs, then lets the next thing happen: a fact or a deadline. */
  private void turn() {
    List<Action> actions = supervision.plan(now);
    saved = supervision.snapshot();
    perform(actions);
    check(isNothingDue(), "a second plan at once is not empty");
    checkPopulation();
    long deadline = supervision.nextDeadline(now);
    Event next = events.peek();
    if (next != null && next.at() <= deadline) {
      events.remove();
      passTo(Math.max(now, next.at()));
      next.fact().run();
    } else {
      if (deadline - 1 > now) {
        passTo(deadline - 1);
        check(isNothingDue(), "something was due before the deadline");
      }
      passTo(deadline);
    }
  }

  private void passTo(long instant) {
    raw += instant - now;
    now = clock.read(raw, instant);
  }

  /** Even if every service is looked at, and not only those with news. */
  private boolean isNothingDue() {
    if (++looks % LOOKS_FOR_PICTURES == 0) {
      checkPictures();
    } else {
      supervision.lookAtAll();
    }
    return supervision.plan(now).isEmpty();
  }

  /** What was made before is what would be made now. */
  private void checkPictures() {
    List<ServiceStatus> shown = supervision.status();
    Snapshot kept = supervision.snapshot();
    supervision.lookAtAll();
    check(shown.equals(supervision.status()), "an old status was shown");
    check(kept.equals(supervision.snapshot()), "an old snapshot was kept");
  }

  private void perform(List<Action> actions) {
    new ArrayList<>(actions).forEach(action -> action.performOn(this));
  }

  private void checkPopulation() {
    Map<String, Integer> alive = new HashMap<>();
    for (Jvm process : processes.values()) {
      if (!process.deathKnown()) {
        alive.merge(process.id.service() + "/" + process.id.slot(), 1, Integer::sum);
      }
    }
    check(
        alive.values().stream().allMatch(n -> n <= MOST_IN_A_SLOT),
        "too many processes in one slot: " + alive);
  }

  private void note(String what) {
    if (remembers) {
      history.addLast((now / MILLI) + " " + what);
      if (history.size() > REMEMBERED) {
        history.removeFirst();
      }
    }
  }

  private void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  private void later(int mostMillis, String what, Runnable fact) {
    at(now + random.nextInt(mostMillis) * MILLI, what, fact);
  }

  private void at(long at, String what, Runnable fact) {
    events.add(
        new Event(
            at,
            order++,
            () -> {
              note(what);
              fact.run();
            }));
  }

  /** Something for the ears of the present supervisor only. */
  private Runnable forThisLife(Runnable fact) {
    int heardBy = life;
    return () -> {
      if (heardBy == life) {
        fact.run();
      }
    };
  }

  /** Only a living process can say something, and what it says arrives in its order. */
  private void says(Jvm process, int mostMillis, String what, Runnable fact) {
    process.lastSaid = Math.max(process.lastSaid, now + random.nextInt(mostMillis) * MILLI);
    at(
        process.lastSaid,
        process.id + " " + what,
        () -> {
          if (!process.dead && !process.hung) {
            supervision.heard(process.id);
            fact.run();
          }
        });
  }

  private Jvm known(WorkerId id) {
    Jvm process = processes.get(id);
    check(process != null && !forgotten.contains(id), id + " is asked for, but is not there");
    return Objects.requireNonNull(process);
  }

  private void die(Jvm process, int status) {
    if (process.dead) {
      return;
    }
    process.dead = true;
    Runnable detach =
        () -> {
          process.detachKnown = true;
          supervision.workerDetached(process.id);
        };
    Runnable exit =
        () -> {
          process.exitKnown = true;
          supervision.workerExited(process.id, status);
        };
    if (process.attached) {
      later(5, process.id + " is detached", forThisLife(detach));
    }
    later(5, process.id + " has exited with " + status, forThisLife(exit));
  }

  // Edges

  @Override
  public void prepare(String service, Generation generation, Set<WorkerId> beside) {
    String copy = service + ".g" + generation.number();
    note("prepare " + copy);
    if (chance(3)) {
      later(
          500,
          copy + " cannot be copied",
          forThisLife(
              () -> supervision.preparationFailed(service, generation.number(), "disk full", now)));
      return;
    }
    Memory memory =
        new Memory(chance(90) ? 1L << 34 : random.nextInt(400_000_000), 100_000_000, "the host");
    later(
        500,
        copy + " is copied",
        forThisLife(
            () -> {
              copies.add(copy);
              supervision.prepared(service, generation.number(), memory);
            }));
  }

  @Override
  public void compare(Generation generation) {
    String service = generation.config().name();
    String difference = chance(20) ? "its code has changed" : "";
    later(
        500,
        service + " is compared" + (difference.isEmpty() ? "" : ": " + difference),
        forThisLife(() -> supervision.compared(service, generation.number(), difference)));
  }

  @Override
  public void discard(String service, int generation) {
    String copy = service + ".g" + generation;
    note("discard " + copy);
    check(copies.remove(copy), copy + " is discarded but was not copied");
    check(
        processes.values().stream()
            .filter(p -> !p.deathKnown() && p.id.service().equals(service))
            .noneMatch(p -> p.id.generation() == generation),
        copy + " is discarded while somebody runs on it");
  }

  @Override
  public void spawn(WorkerId id, Generation generation, boolean gently) {
    note("spawn " + id);
    check(!processes.containsKey(id), id + " twice");
    check(copies.contains(id.service() + ".g" + id.generation()), id + " has no copies");
    Jvm process = new Jvm(id);
    processes.put(id, process);
    if (chance(2)) {
      process.dead = true;
      later(
          1,
          id + " cannot be started",
          forThisLife(
              () -> {
                process.exitKnown = true;
                supervision.spawnFailed(id, "no memory");
              }));
      return;
    }
    process.pid = 1000 + processes.size();
    process.scripted = chance(30);
    process.archive = archiveFor(id);
    process.lowered = gently;
    later(
        1,
        id + " is started",
        forThisLife(() -> supervision.workerSpawned(id, process.pid, process.archive)));
    if (process.archive == ArchiveUse.USES && chance(20)) {
      later(1000, id + " chokes on its archive", () -> die(process, 1));
    }
    if (chance(12)) {
      later(chance(50) ? 1000 : 40_000, id + " crashes", () -> die(process, 1));
    }
    if (chance(4)) {
      later(60_000, id + " hangs", () -> process.hung = true);
    }
    if (!chance(4)) {
      says(process, 3000, "attaches", () -> attach(process, generation));
    }
  }

  private ArchiveUse archiveFor(WorkerId id) {
    if (setAside.contains(id.service() + ".g" + id.generation())) {
      return ArchiveUse.NONE;
    }
    if (chance(40)) {
      return ArchiveUse.USES;
    }
    return chance(50) ? ArchiveUse.TRAINS : ArchiveUse.NONE;
  }

  @Override
  public void makeArchive(WorkerId id) {
    Jvm process = known(id);
    check(process.archive == ArchiveUse.TRAINS, id + " has not trained");
    process.archive = ArchiveUse.NONE; // once is enough
  }

  @Override
  public void setArchiveAside(WorkerId id, String reason) {
    Jvm process = known(id);
    check(process.archive == ArchiveUse.USES, id + " has no archive");
    setAside.add(id.service() + ".g" + id.generation());
  }

  private void attach(Jvm process, Generation generation) {
    process.attached = true;
    supervision.workerAttached(process.id, process.jvm(), now);
    generation.config().listeners().forEach(l -> listen(process, l.address().toString()));
    if (!chance(4)) {
      listen(process, "tcp:*:8080");
    }
    if (!chance(5)) {
      listen(process, "tcp:*:9090");
    }
  }

  private void listen(Jvm process, String listener) {
    says(
        process,
        1000,
        "listens on " + listener,
        () -> {
          process.listening.add(listener);
          supervision.workerListens(process.id, listener, true, now);
        });
  }

  @Override
  public void probe(WorkerId id, Face face) {
    Jvm process = known(id);
    boolean passes = chance(85) && !process.hung;
    // The prober is ours: it answers for dead workers too.
    later(
        200,
        id + " probed " + passes,
        forThisLife(() -> supervision.probed(id, passes, "probe", random.nextInt(5) * MILLI, now)));
    check(face == process.told, id + " is probed on its face " + face + ", but is on the other");
  }

  /** By a process of the supervisor's, which ends with it. */
  @Override
  public void warmUp(WorkerId id, WarmUp how) {
    Jvm process = known(id);
    check(process.told == Face.PRIVATE, id + " is warmed up, but is on its shared face");
    check(!process.warming, id + " is warmed up twice at once");
    process.warming = true;
    if (chance(5)) {
      return; // it hangs
    }
    boolean passes = chance(90) && !process.hung;
    later(3000, id + " is warm " + passes, forThisLife(() -> endWarmUp(process, passes)));
  }

  private void endWarmUp(Jvm process, boolean passes) {
    if (process.warming) {
      process.warming = false;
      supervision.warmingUp(process.id, "nearly warm", now);
      supervision.warmedUp(process.id, passes, "warm", now);
    }
  }

  @Override
  public void endWarmUp(WorkerId id) {
    Jvm process = known(id);
    check(process.warming || process.failedAnOrder, id + " is not being warmed up");
    process.warming = false;
  }

  @Override
  public void raise(WorkerId id) {
    Jvm process = known(id);
    if (chance(3)) {
      process.cannotBeRaised = true; // or it takes for ever
      return;
    }
    later(
        20,
        id + " is raised",
        () -> {
          process.lowered = false; // whoever asked for it
          forThisLife(() -> supervision.raised(id, "", now)).run();
        });
  }

  @Override
  public void searchOutput(WorkerId id, String pattern) {
    known(id);
    boolean found = chance(2);
    later(
        50,
        id + " searched",
        forThisLife(() -> supervision.outputSearched(id, found ? "OutOfMemory" : null)));
  }

  @Override
  public void ping(WorkerId id) {
    answer(known(id), "is alive", () -> {}, () -> {});
  }

  @Override
  public void switchTo(WorkerId id, Face face) {
    note("order " + id + " " + face);
    Jvm process = known(id);
    if (face == Face.PRIVATE && process.told == Face.SHARED && !mayLeaveNobody(id)) {
      boolean otherServes =
          processes.values().stream()
              .filter(p -> p.id.service().equals(id.service()) && !p.id.equals(id))
              .anyMatch(Jvm::isKnownToServe);
      check(otherServes, id + " is switched off while nobody else serves");
    }
    boolean mayBeLowered = face == Face.PRIVATE || process.cannotBeRaised;
    check(mayBeLowered || !process.lowered, id + " is switched on with a lower weight");
    process.ordered = face;
    obey(
        process,
        "switched " + face,
        () -> {
          if (process.closed && face == Face.SHARED) {
            process.failedAnOrder = true;
            supervision.orderFailed(id, "closed", now);
            return;
          }
          process.ordered = null;
          process.told = face;
          process.served |= face == Face.SHARED;
          supervision.switched(id, face, "", now);
        });
  }

  @Override
  public void drain(WorkerId id, long nanos) {
    switchTo(id, Face.PRIVATE);
    Jvm process = known(id);
    if (chance(10)) {
      says(process, 500, "closes its listeners", forThisLife(() -> closeListeners(process)));
    }
  }

  private void closeListeners(Jvm process) {
    process.closed = true;
    process.listening.forEach(l -> supervision.workerReleased(process.id, l, now));
    process.listening.clear();
  }

  /** In a stop, and where an old worker goes before a new one comes. */
  private boolean mayLeaveNobody(WorkerId id) {
    return stopping
        || open.stream()
            .flatMap(operation -> Objects.requireNonNull(begun.get(operation)).steps().stream())
            .filter(step -> step.service().equals(id.service()))
            .anyMatch(World::mayLeaveNobody)
        || supervision.mayLeaveNobody(id.service());
  }

  private static boolean mayLeaveNobody(Operation.Step step) {
    return switch (step.kind()) {
      case STOP, REMOVE -> true;
      case RESTART -> step.strategy() == Strategy.EXCLUSIVE || step.strategy() == Strategy.HANDOVER;
      case START, SCALE, RESET, ROLLBACK, PROMOTE -> false;
    };
  }

  @Override
  public void countConnections(WorkerId id) {
    Jvm process = known(id);
    int connections = chance(60) ? 0 : random.nextInt(4);
    obey(
        process,
        "counts " + connections,
        () -> supervision.connectionsCounted(id, connections, now));
  }

  /** Answers, but only what it was told last is of interest to anybody. */
  private void obey(Jvm process, String what, Runnable fact) {
    process.lastOrder++;
    int order = process.lastOrder;
    answer(
        process,
        what,
        () -> {
          if (order == process.lastOrder) {
            fact.run();
          }
        },
        () -> {
          if (order == process.lastOrder) {
            supervision.orderFailed(process.id, "errno 22", now);
          }
        });
  }

  private void answer(Jvm process, String what, Runnable fact, Runnable failure) {
    if (process.hung || chance(3)) {
      process.failedAnOrder = true;
      return; // lost, or the worker is stopped
    }
    if (chance(3)) {
      process.failedAnOrder = true;
      says(process, 50, "fails", forThisLife(failure));
      return;
    }
    says(process, 50, what, forThisLife(fact));
  }

  @Override
  public void terminate(WorkerId id) {
    note("terminate " + id);
    Jvm process = known(id);
    check(
        process.told == Face.PRIVATE || process.failedAnOrder || process.dead || process.hung,
        id + " gets SIGTERM while it is switched on");
    process.terminated = true;
    if (!process.hung && !chance(5)) {
      later(3000, id + " obeys", () -> die(process, 143));
    }
  }

  @Override
  public void diagnose(WorkerId id, WorkerState in, @Nullable Figures figures) {
    Jvm process = known(id);
    if (!chance(10)) {
      later(500, id + " is diagnosed", forThisLife(() -> supervision.diagnosed(id, now)));
    }
    check(!process.deathKnown(), id + " is diagnosed when it is gone");
  }

  @Override
  public void keepRemains(WorkerId id, String reason) {
    check(known(id).deathKnown(), id + " has left something while it may live");
  }

  @Override
  public void kill(WorkerId id) {
    note("kill " + id);
    Jvm process = known(id);
    check(process.terminated, id + " is killed without having been asked");
    if (!chance(10)) {
      later(100, id + " is killed", () -> die(process, 137));
    }
  }

  @Override
  public void forget(WorkerId id) {
    note("forget " + id);
    Jvm process = known(id);
    check(process.deathKnown(), id + " is forgotten while it may live");
    check(!process.warming, id + " is forgotten while it is warmed up");
    forgotten.add(id);
  }

  @Override
  public void closeSlot(String service, int slot) {
    note("close slot " + slot + " of " + service);
    check(
        processes.values().stream()
            .filter(p -> p.id.service().equals(service) && p.id.slot() == slot)
            .noneMatch(Jvm::mayServe),
        "a slot is closed whose worker serves");
  }

  @Override
  public void closeListeners(String service, Set<String> kept) {
    note("close all of " + service + " but " + kept);
    for (ServiceStatus one : supervision.status()) {
      if (one.name().equals(service)) {
        one.workers().forEach(w -> check(kept.containsAll(w.listening()), w.id() + " needs more"));
      }
    }
  }

  @Override
  public void announce(Transition transition) {
    check(!transition.reason().isBlank(), "a transition without a reason");
    note("  " + transition.worker() + " " + transition.state() + ": " + transition.reason());
  }

  @Override
  public void finish(Outcome outcome) {
    note(
        outcome.operation()
            + " on "
            + outcome.service()
            + (outcome.success() ? " succeeded: " : " failed: ")
            + outcome.reason());
    if (outcome.operation() == 0) {
      return;
    }
    check(open.contains(outcome.operation()), "an operation ended that was not begun");
    if (outcome.last()) {
      open.remove(outcome.operation());
    }
    Operation.@Nullable Step step = stepOf(outcome);
    if (step != null && step.kind() == Operation.Kind.RESTART) {
      restarts++;
      checkUntouched(outcome, step);
    }
  }

  /** Steps end one after the other; one service may have several. */
  private Operation.@Nullable Step stepOf(Outcome outcome) {
    List<Operation.Step> steps = Objects.requireNonNull(begun.get(outcome.operation())).steps();
    int ended = stepsEnded.merge(outcome.operation(), 1, Integer::sum);
    return ended <= steps.size() ? steps.get(ended - 1) : null;
  }

  /** Whoever served and was not replaced by one that served must not have been told to stop. */
  private void checkUntouched(Outcome outcome, Operation.Step step) {
    if (outcome.success() || stopping || mayLeaveNobody(step)) {
      return;
    }
    if (supervision.mayLeaveNobody(outcome.service())) {
      return;
    }
    List<Jvm> all =
        processes.values().stream().filter(p -> p.id.service().equals(outcome.service())).toList();
    int newest = all.stream().mapToInt(p -> p.id.generation()).max().orElse(0);
    for (Jvm old : all) {
      boolean touched = old.served && old.terminated && !old.failedAnOrder && !old.dead;
      boolean replaced =
          all.stream()
              .anyMatch(p -> p.id.slot() == old.id.slot() && !p.id.equals(old.id) && p.served);
      check(
          old.id.generation() == newest || replaced || !touched,
          old.id + " was stopped by a restart that failed");
    }
  }
}
