package dev.baton.supervisor.core;

import dev.baton.supervisor.config.ServiceConfig;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/** A simulated world around a supervision: processes, lost messages, time; and what must hold. */
final class World implements Edges {
  private static final long MILLI = 1_000_000L;
  private static final long LONGEST_END = 300_000 * MILLI;
  private static final int MOST_TURNS = 100_000;

  private final Supervision supervision;
  private final Random random;
  private final Map<WorkerId, Jvm> processes = new LinkedHashMap<>();
  private final Set<WorkerId> forgotten = new HashSet<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
  private final Deque<String> history = new ArrayDeque<>();

  private long now = 5_000 * MILLI;
  private long order;
  private boolean stopping;
  private int begun;
  private int finished;

  private record Event(long at, long order, Runnable fact) {}

  /** One process, as it really is; the supervision knows only what it was told. */
  private static final class Jvm {
    private final WorkerId id;
    private boolean attached;
    private boolean dead;
    private boolean deathKnown;
    private boolean failedAnOrder;
    private boolean terminated;
    private boolean served;
    private long lastSaid;

    /** The face the supervision was told of last. */
    private Face told = Face.PRIVATE;

    private Jvm(WorkerId id) {
      this.id = id;
    }

    private boolean isKnownToServe() {
      return told == Face.SHARED && !deathKnown && !terminated;
    }
  }

  World(ServiceConfig config, Random random) {
    this.random = random;
    this.supervision = new Supervision(config, now);
  }

  int begun() {
    return begun;
  }

  int finished() {
    return finished;
  }

  String history() {
    return String.join("\n", history);
  }

  /** Lets things happen, with commands in between. */
  void live(int turns) {
    for (int i = 0; i < turns && !supervision.isFinished(); i++) {
      if (chance(4)) {
        boolean free = supervision.cannotRestart() == null;
        note("command restart, " + (free ? "begins" : "refused"));
        begun += free ? 1 : 0;
        supervision.restart(now);
        supervision.restart(now); // a second at once begins nothing
      }
      turn();
    }
  }

  /** Ends the service, which must not take for ever. */
  void stop() {
    note("command stop");
    stopping = true;
    supervision.stop();
    long latest = now + LONGEST_END;
    boolean impatient = random.nextBoolean();
    for (int i = 0; !supervision.isFinished(); i++) {
      if (impatient && i == 1) {
        supervision.hurry();
      }
      check(now < latest && i < MOST_TURNS, "does not end");
      turn();
    }
    check(processes.values().stream().allMatch(p -> p.dead), "a process is left");
    check(forgotten.equals(processes.keySet()), "not everything was closed");
  }

  /** Plans, performs, then lets the next thing happen: a fact or a deadline. */
  private void turn() {
    perform(supervision.plan(now));
    check(supervision.plan(now).isEmpty(), "a second plan at once is not empty");
    checkPopulation();
    long deadline = supervision.nextDeadline(now);
    Event next = events.peek();
    if (next != null && next.at() <= deadline) {
      events.remove();
      now = Math.max(now, next.at());
      next.fact().run();
    } else {
      if (deadline - 1 > now) {
        now = deadline - 1;
        check(supervision.plan(now).isEmpty(), "something was due before the deadline");
      }
      now = deadline;
    }
  }

  private void perform(List<Action> actions) {
    new ArrayList<>(actions).forEach(action -> action.performOn(this));
  }

  private void checkPopulation() {
    Map<Integer, Long> alive = new LinkedHashMap<>();
    processes.values().stream()
        .filter(p -> !p.dead)
        .forEach(p -> alive.merge(p.id.slot(), 1L, Long::sum));
    check(alive.values().stream().allMatch(n -> n <= 2), "three processes in one slot: " + alive);
  }

  private void note(String what) {
    history.addLast((now / MILLI) + " " + what);
    if (history.size() > 80) {
      history.removeFirst();
    }
  }

  private void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  /** By command, or because the first generation never served. */
  private boolean isStopping() {
    return stopping || supervision.startFailure() != null;
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
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

  /** Only a living process can say something, and what it says arrives in its order. */
  private void says(Jvm process, int mostMillis, String what, Runnable fact) {
    process.lastSaid = Math.max(process.lastSaid, now + random.nextInt(mostMillis) * MILLI);
    at(
        process.lastSaid,
        process.id + " " + what,
        () -> {
          if (!process.dead) {
            fact.run();
          }
        });
  }

  private Jvm known(WorkerId id) {
    Jvm process = processes.get(id);
    check(process != null && !forgotten.contains(id), id + " is asked for, but is not there");
    return java.util.Objects.requireNonNull(process);
  }

  private void die(Jvm process, int status) {
    if (process.dead) {
      return;
    }
    process.dead = true;
    Runnable detach = () -> supervision.workerDetached(process.id);
    Runnable exit =
        () -> {
          process.deathKnown = true;
          supervision.workerExited(process.id, status);
        };
    if (process.attached) {
      later(5, process.id + " is detached", detach);
    }
    later(5, process.id + " has exited with " + status, exit);
  }

  // Edges

  @Override
  public void spawn(WorkerId id) {
    note("spawn " + id);
    check(!processes.containsKey(id), id + " twice");
    Jvm process = new Jvm(id);
    processes.put(id, process);
    if (chance(2)) {
      process.dead = true;
      later(
          1,
          id + " cannot be started",
          () -> {
            process.deathKnown = true;
            supervision.spawnFailed(id, "no memory");
          });
      return;
    }
    later(1, id + " is started", () -> supervision.workerSpawned(id, 1000 + processes.size()));
    if (chance(12)) {
      later(chance(50) ? 1000 : 40_000, id + " crashes", () -> die(process, 1));
    }
    if (!chance(4)) {
      says(process, 3000, "attaches", () -> attach(process));
    }
  }

  private void attach(Jvm process) {
    process.attached = true;
    supervision.workerAttached(process.id, 5000 + processes.size(), now);
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
        () -> supervision.workerListens(process.id, listener, true, now));
  }

  @Override
  public void probe(WorkerId id) {
    Jvm process = known(id);
    boolean passes = chance(80);
    // The prober is ours: it answers for dead workers too.
    later(200, id + " probed " + passes, () -> supervision.probed(id, passes, "probe", now));
    check(process.told == Face.PRIVATE, id + " is probed while clients see it");
  }

  @Override
  public void switchTo(WorkerId id, Face face) {
    note("order " + id + " " + face);
    Jvm process = known(id);
    if (face == Face.PRIVATE && !isStopping()) {
      boolean otherServes =
          processes.values().stream()
              .anyMatch(p -> !p.id.equals(id) && p.id.slot() == id.slot() && p.isKnownToServe());
      check(otherServes, id + " is switched off while nobody else serves in its slot");
    }
    answer(
        process,
        "switched " + face,
        () -> {
          process.told = face;
          process.served |= face == Face.SHARED;
          supervision.switched(id, face, "", now);
        });
  }

  @Override
  public void countConnections(WorkerId id) {
    Jvm process = known(id);
    int open = chance(60) ? 0 : random.nextInt(4);
    answer(process, "counts " + open, () -> supervision.connectionsCounted(id, open, now));
  }

  private void answer(Jvm process, String what, Runnable fact) {
    if (chance(3)) {
      process.failedAnOrder = true;
      return; // lost, or the worker is stopped
    }
    if (chance(3)) {
      process.failedAnOrder = true;
      says(process, 50, "fails", () -> supervision.orderFailed(process.id, "errno 22", now));
      return;
    }
    says(process, 50, what, fact);
  }

  @Override
  public void terminate(WorkerId id) {
    note("terminate " + id);
    Jvm process = known(id);
    check(
        process.told == Face.PRIVATE || process.failedAnOrder || process.dead,
        id + " gets SIGTERM while it is switched on");
    process.terminated = true;
    if (!chance(5)) {
      later(3000, id + " obeys", () -> die(process, 143));
    }
  }

  @Override
  public void dumpThreads(WorkerId id) {
    known(id);
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
    check(process.deathKnown, id + " is forgotten while it may live");
    forgotten.add(id);
  }

  @Override
  public void announce(Transition transition) {
    check(!transition.reason().isBlank(), "a transition without a reason");
    note("  " + transition.worker() + " " + transition.state() + ": " + transition.reason());
  }

  @Override
  public void finishRestart(Outcome outcome) {
    note("restart " + (outcome.success() ? "succeeded" : "failed: " + outcome.reason()));
    finished++;
    check(finished <= begun, "a restart ended that was not begun");
    if (outcome.success()) {
      return;
    }
    // Whoever served and was not replaced by one that served must not have been told to stop.
    for (Jvm old : processes.values()) {
      boolean ofAnEarlierGeneration = old.id.generation() < outcome.generation();
      boolean replaced =
          processes.values().stream()
              .anyMatch(
                  p ->
                      p.id.slot() == old.id.slot()
                          && p.id.generation() > old.id.generation()
                          && p.told == Face.SHARED);
      boolean touched = old.served && old.terminated && !old.failedAnOrder && !old.dead;
      check(
          isStopping() || !ofAnEarlierGeneration || replaced || !touched,
          old.id + " was stopped by a restart that failed");
    }
  }
}
