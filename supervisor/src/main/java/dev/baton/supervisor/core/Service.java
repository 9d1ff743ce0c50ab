package dev.baton.supervisor.core;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import dev.baton.supervisor.config.RestartPolicy;
import dev.baton.supervisor.config.RestartPolicy.Strategy;
import dev.baton.supervisor.config.ServiceConfig;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The state of one service and every decision about it. */
final class Service {
  private static final double JITTER_STEPS = 256;

  private final String name;
  private final Actions actions;
  private final Spawner spawner;
  private final Generations generations;
  private final Checkups checkups;
  private final Healing healing;
  private final Listening listening = new Listening();

  // Mutable state
  private ServiceConfig config;
  private Set<String> configured;
  private final List<Slot> slots = new ArrayList<>();
  private final List<Slot> surplus = new ArrayList<>();
  private final Standby standby;
  private @Nullable Change change;
  private long operation;
  private long changedAt;
  private final Deque<Outcome> ended = new ArrayDeque<>();
  private boolean wanted;
  private boolean touched = true;
  private Snapshot.@Nullable OfService snapshot;
  private @Nullable ServiceStatus status;
  private boolean statusMayRun;
  private long nextLook;
  private boolean hurried;
  private boolean healingIsOver;
  private boolean hasServed;
  private @Nullable Outcome startFailure;

  /**
   * Stopped, until it is started.
   *
   * @param generation the number of its first one
   */
  Service(ServiceConfig config, int generation, long now) {
    this(config, new Generations(config, generation), now);
  }

  private Service(ServiceConfig config, Generations generations, long now) {
    this.name = config.name();
    this.config = config;
    this.configured = Generation.listeners(config);
    this.actions = new Actions();
    this.spawner = new Spawner(actions, () -> workers().anyMatch(Worker::isAccepting));
    this.generations = generations;
    this.checkups = new Checkups(now);
    this.healing = new Healing(spawner);
    this.standby = new Standby();
  }

  /** As another supervisor has left it. */
  static Service resume(Snapshot.OfService record, long now) {
    Map<Integer, Generation> known = new HashMap<>();
    for (Snapshot.OfGeneration one : record.generations()) {
      known.put(one.number(), new Generation(one.number(), one.config()));
    }
    Service service =
        new Service(record.config(), new Generations(record, ImmutableMap.copyOf(known)), now);
    service.resume(record, known, now);
    return service;
  }

  private void resume(Snapshot.OfService record, Map<Integer, Generation> known, long now) {
    wanted = record.wanted();
    hasServed = record.hasServed();
    spawner.resume(record.attempts());
    listening.resume(record.listeners());
    record.slots().forEach(slot -> slots.add(new Slot(slot, known, now)));
    record.surplus().forEach(slot -> surplus.add(new Slot(slot, known, now)));
    if (record.standby() != null) {
      standby.resume(new Slot(record.standby(), known, now));
    }
    if (!wanted) {
      boolean stopped = workers().findAny().isEmpty() && !record.settling();
      if (!stopped) {
        stop(record.operation(), now);
      }
    } else if (record.rollout() != null) {
      RestartPolicy policy = policy(record.rollout().strategy());
      begin(
          record.operation(),
          Rollout.resume(record.rollout(), known, policy, slots, generations, spawner, standby),
          now);
    } else {
      healingIsOver = true;
      if (record.settling()) {
        settle("serves", record.operation(), now);
      }
    }
  }

  Snapshot.OfService snapshot() {
    Snapshot.OfService known = snapshot;
    if (known == null) {
      known = take();
      snapshot = known;
    }
    return known;
  }

  private Snapshot.OfService take() {
    Map<Integer, Generation> named = new LinkedHashMap<>();
    add(generations.current(), named);
    Generation before = generations.previous();
    if (before != null) {
      add(before, named);
    }
    places().forEach(slot -> add(slot.generation(), named));
    workers().forEach(worker -> add(worker.generation(), named));
    Snapshot.OfRollout rollout = null;
    if (change instanceof Rollout running) {
      rollout = running.snapshot();
      add(running.target(), named);
      running.origins().forEach(one -> add(one, named));
    }
    return new Snapshot.OfService(
        config,
        wanted,
        hasServed,
        generations.current().number(),
        before == null ? 0 : before.number(),
        generations.last(),
        named.values().stream()
            .map(one -> new Snapshot.OfGeneration(one.number(), one.config()))
            .collect(ImmutableList.toImmutableList()),
        generations.prepared(),
        spawner.attempts(),
        slots.stream().map(Slot::snapshot).collect(ImmutableList.toImmutableList()),
        surplus.stream().map(Slot::snapshot).collect(ImmutableList.toImmutableList()),
        standby.snapshot(),
        rollout,
        change instanceof Settling || change instanceof Promotion,
        operation,
        ImmutableSet.copyOf(listening.needed()));
  }

  private static void add(Generation one, Map<Integer, Generation> named) {
    named.put(one.number(), one);
  }

  String name() {
    return name;
  }

  ServiceConfig config() {
    return config;
  }

  Actions actions() {
    return actions;
  }

  Generations generations() {
    return generations;
  }

  /** Whether it has ever been complete since it was started. */
  boolean hasServed() {
    return hasServed;
  }

  boolean isStandby(WorkerId id) {
    return standby.slots().anyMatch(slot -> isAt(slot, id));
  }

  private static boolean isAt(Slot slot, WorkerId id) {
    return slot.current() != null && slot.current().id().equals(id);
  }

  boolean isWanted() {
    return wanted;
  }

  /** Nothing of it runs, and nothing will. */
  boolean isStopped() {
    return !wanted && change == null && workers().findAny().isEmpty();
  }

  /** The failure of the first worker that was ever started; null if it did not fail. */
  @Nullable Outcome startFailure() {
    return startFailure;
  }

  // Commands. Whoever calls has seen that no change is under way.

  boolean isChanging() {
    return change != null;
  }

  boolean isRestarting() {
    return change instanceof Rollout;
  }

  /** What keeps another command from beginning. */
  String busyWith() {
    if (change instanceof Rollout rollout) {
      return name + ": a restart to " + rollout.target() + " is already running";
    }
    return name + (hasServed ? " is being changed" : " is still starting");
  }

  ReloadPlan.Now asItIs() {
    return new ReloadPlan.Now(config, generations.current().config(), wanted);
  }

  void configure(ServiceConfig next) {
    touch();
    config = next;
    configured = Generation.listeners(next);
  }

  /** Fills the slots. */
  void start(long id, long now) {
    wanted = true;
    hasServed = false;
    generations.startWith(config);
    slots.forEach(slot -> slot.setGeneration(generations.current()));
    manned().forEach(slot -> slot.crashes().reset(now));
    resize(config.workers(), now);
    settle("serves", id, now);
  }

  void stop(long id, long now) {
    if (!wanted && change != null) {
      return; // it is on its way
    }
    wanted = false;
    if (change != null) {
      finish(new Change.Result(false, null, "the service was told to stop", 0), now);
    }
    healing.abandonAll();
    begin(
        id,
        new Settling(
            Settling.Towards.STOPPED, () -> workers().findAny().isEmpty(), workers(), "stopped"),
        now);
  }

  /** Lingers for nobody any more. */
  void hurry() {
    touch();
    hurried = true;
  }

  void restart(long id, @Nullable Strategy strategy, long now) {
    roll(id, generations.create(config), strategy, now);
  }

  /** Why there is nothing to return to; null when there is. */
  @Nullable String cannotRollBack() {
    return rollBackTarget() == null ? "there is no generation to return to" : null;
  }

  /** After a restart that was halted, where most slots still are; else what served before. */
  private @Nullable Generation rollBackTarget() {
    Generation current = generations.current();
    boolean mixed = slots.stream().anyMatch(slot -> !slot.generation().equals(current));
    return mixed ? current : generations.previous();
  }

  void rollBack(long id, long now) {
    Generation target = rollBackTarget();
    if (target != null) {
      roll(id, target, null, now);
    }
  }

  /** Why it has to be restarted in the ordinary way; null when it has not. */
  @Nullable String cannotPromote() {
    Generation current = generations.current();
    ServiceConfig launched = current.config().toBuilder().workers(config.workers()).build();
    if (config.standby() == 0) {
      return "nobody waits there; set standby = 1, or " + Promotion.ORDINARY;
    }
    if (!launched.equals(config)) {
      return "its configuration is not what "
          + current
          + " was launched with; "
          + Promotion.ORDINARY;
    }
    if (Rollouts.styleOf(config.restart().strategy()) != Replacement.Style.READY_FIRST) {
      return "who waits and who serves may not both accept; " + Promotion.ORDINARY;
    }
    boolean mixed = slots.stream().anyMatch(slot -> !slot.generation().equals(current));
    return mixed ? "not all of it is of " + current + "; " + Promotion.ORDINARY : null;
  }

  void promote(long id, long now) {
    healing.abandonAll();
    begin(id, new Promotion(generations.current(), slots, standby), now);
  }

  private void roll(long id, Generation target, @Nullable Strategy strategy, long now) {
    healing.abandonAll();
    Rollout rollout = new Rollout(target, policy(strategy), slots, generations, spawner, standby);
    rollout.askedFor(strategy);
    begin(id, rollout, now);
  }

  private RestartPolicy policy(@Nullable Strategy strategy) {
    return strategy == null ? config.restart() : config.restart().with(strategy);
  }

  void scale(long id, int workers, long now) {
    config = config.toBuilder().workers(workers).build();
    resize(workers, now);
    settle(workers + (workers == 1 ? " worker serves" : " workers serve"), id, now);
  }

  /** Tries again what was given up. */
  void reset(long id, long now) {
    manned().forEach(slot -> slot.crashes().reset(now));
    settle("serves", id, now);
  }

  private void begin(long id, Change begun, long now) {
    operation = id;
    change = begun;
    changedAt = now;
    actions.operationStarted(now);
    touch();
  }

  private void settle(String success, long id, long now) {
    Settling.Towards towards = Settling.Towards.SERVING;
    begin(id, new Settling(towards, this::hasSettled, workers(), success), now);
  }

  private boolean hasSettled() {
    boolean complete = slots.stream().allMatch(slot -> slot.isServed() && slot.isQuiet());
    return complete && surplus.isEmpty();
  }

  private void resize(int workers, long now) {
    while (slots.size() > workers) {
      Slot slot = slots.remove(slots.size() - 1);
      healing.abandon(slot);
      surplus.add(slot);
    }
    while (slots.size() < workers) {
      slots.add(newSlot(now));
    }
  }

  private Slot newSlot(long now) {
    Set<Integer> taken = manned().map(Slot::index).collect(Collectors.toSet());
    int index = 0;
    while (taken.contains(index)) {
      index++;
    }
    return new Slot(index, generations.current(), now);
  }

  // Facts

  Stream<Worker> workers() {
    return places().flatMap(slot -> slot.workers().stream());
  }

  private Stream<Slot> places() {
    return Stream.concat(manned(), surplus.stream());
  }

  /** Where somebody is wanted. */
  private Stream<Slot> manned() {
    return Stream.concat(slots.stream(), standby.slots());
  }

  /** Something has happened to one of its workers. */
  void with(WorkerId id, BiConsumer<Worker, Actions> fact) {
    named(id).forEach(worker -> fact.accept(worker, actions));
    touch();
  }

  /** One of its workers lives: in most cases that is no news, and nothing follows from it. */
  void heard(WorkerId id) {
    for (Worker worker : named(id)) {
      if (worker.heard()) {
        touch();
      }
    }
  }

  /** What one of its workers tells, which is only shown. */
  void show(WorkerId id, Consumer<Worker> fact) {
    named(id).forEach(fact);
    status = null;
  }

  private List<Worker> named(WorkerId id) {
    return workers().filter(worker -> worker.id().equals(id)).toList();
  }

  void prepared(int generation, Memory memory) {
    generations.prepared(generation);
    if (change instanceof Rollout rollout) {
      rollout.prepared(generation, memory);
    }
  }

  void preparationFailed(int generation, String reason, long now) {
    generations.preparationFailed(generation);
    if (change instanceof Rollout rollout && rollout.target().number() == generation) {
      rollout.preparationFailed(generation, reason);
      return;
    }
    for (Slot slot : manned().toList()) {
      if (slot.isEmpty() && slot.generation().number() == generation) {
        slot.crashes().add(reason, 0, config.failure(), jitter(slot), now);
      }
    }
    if (change instanceof Settling settling) {
      settling.fail(reason);
    }
    if (!hasServed && startFailure == null) {
      startFailure = new Outcome(0, name, false, generation, generation, null, reason, 0, 0, true);
    }
  }

  /** Empty when what is on disk is what that generation runs. */
  void compared(int generation, String difference) {
    if (change instanceof Promotion promotion && generations.current().number() == generation) {
      promotion.compared(difference);
      touch();
    }
  }

  void outputSearched(WorkerId id, @Nullable String match) {
    if (match != null && change instanceof Rollout rollout && rollout.soak() != null) {
      rollout.soak().outputMatched(id, match);
    }
  }

  // The plan

  /** Something has happened to it. */
  void touch() {
    touched = true;
    snapshot = null;
    status = null;
  }

  /** Something was decided about a service: it may wait for that, or the other for it. */
  void noteChangeOf(Service other) {
    touched |=
        other == this
            || config.after().contains(other.name)
            || (!wanted && other.config.after().contains(name));
  }

  /** Whether there is anything to be decided. */
  boolean isDue(long now) {
    return touched || now - nextLook >= 0;
  }

  /** Nothing more is to be decided before something happens, or that instant. */
  void rest(boolean mayRun, long now) {
    touched = false;
    nextLook = nextDeadline(mayRun, now);
  }

  /** When to look at it again. */
  long nextLook(long now) {
    return touched ? now : nextLook;
  }

  /**
   * Decides what is due.
   *
   * @param mayRun whether the services it comes after serve
   * @param mayStop whether those that come after it are stopped
   */
  void decide(boolean mayRun, boolean mayStop, long now) {
    int before = actions.count();
    status = null;
    Set<String> chosen = Listening.chosen(serving().toList());
    workers().toList().forEach(worker -> worker.plan(chosen, now, actions));
    if (healingIsOver) {
      healingIsOver = false;
      slots.forEach(Slot::endHealing); // not before it is known who has come back
    }
    if (change != null) {
      change.advance(now, actions);
    }
    heal(now);
    bury(now);
    follow();
    slots.forEach(slot -> tend(slot, mayRun, mayStop, now));
    standBy(mayStop, now);
    retire(mayStop, now);
    checkUp(now);
    if (!hasServed && wanted && slots.stream().allMatch(Slot::isServed)) {
      hasServed = true;
      actions.changed(); // others may have waited for it
    }
    tidyUp();
    if (change != null && change.isOver()) {
      finish(change.result(), now);
    }
    if (touched || actions.count() > before) {
      snapshot = null; // most looks at a service decide nothing, and pictures cost
    }
  }

  private void finish(Change.Result result, long now) {
    int target =
        change instanceof Rollout rollout
            ? rollout.target().number()
            : generations.current().number();
    change = null;
    actions.operationOver();
    actions.changed();
    checkups.postpone(config.readiness().every().toNanos(), now);
    ended.add(
        new Outcome(
            operation,
            name,
            result.success(),
            generations.current().number(),
            target,
            result.failed(),
            result.reason(),
            now - changedAt,
            result.waitedNanos(),
            true));
  }

  /** What has ended since the last call; null when nothing has. */
  @Nullable Outcome takeEnded() {
    return ended.poll();
  }

  private void heal(long now) {
    for (Slot slot : slots) {
      if (wanted && change == null && healing.isNeeded(slot) && mayRetry(slot, now)) {
        healing.begin(slot, actions);
      }
    }
    for (Replacement failed : healing.advance(now, actions)) {
      crashed(failed.slot(), failed.reason(), 0, now);
    }
  }

  private void bury(long now) {
    for (Slot slot : slots) {
      Worker dead = slot.bury();
      if (dead != null) {
        String why = whyGone(dead);
        died(slot, dead, now);
        if (change instanceof Settling settling) {
          settling.died(dead, why);
        }
        if (!hasServed && wanted && startFailure == null) {
          long took = now - dead.launchedAt();
          String reason = dead.id() + " " + why;
          int generation = dead.id().generation();
          startFailure =
              new Outcome(0, name, false, generation, generation, dead.id(), reason, took, 0, true);
        }
      }
    }
  }

  /**
   * Who stands by is put in the place of one that has died, unless somebody works on that; and who
   * has left for one that waited, and that has died, has its place again.
   */
  private void follow() {
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      boolean mayFollow = wanted && !(change instanceof Rollout) && !healing.owns(slot);
      if (mayFollow && slot.isDeserted() && standby.canFollow(slot)) {
        slots.set(i, standby.changePlaces(slot));
        actions.changed();
      }
    }
  }

  /** One more that waits, when all serve who are to. */
  private void standBy(boolean mayStop, long now) {
    for (Slot slot : standby.slots().toList()) {
      Worker dead = slot.bury();
      if (dead != null) {
        died(slot, dead, now);
      }
      if (!wanted && mayStop) {
        leave(slot, "the service stops", now);
      }
    }
    if (!mayStandBy()) {
      return;
    }
    if (slots.stream().allMatch(Slot::isServed)) {
      standby.relieve(now, actions);
    }
    if (config.standby() == 0) {
      standby.release(null, now, actions);
      standby.close();
      return;
    }
    standby.release(generations.current(), now, actions);
    if (wantsStandby()) {
      Slot slot = standby.place(() -> newSlot(now));
      if (slot.isEmpty() && mayRetry(slot, now)) {
        slot.setGeneration(generations.current());
        fill(slot, now);
      }
    }
  }

  /** Counts a death in its slot, if anybody is wanted there. */
  private void died(Slot slot, Worker dead, long now) {
    if (wanted) {
      crashed(slot, dead.id() + " " + whyGone(dead), dead.servedNanos(), now);
    }
  }

  private static String whyGone(Worker dead) {
    return dead.failure() == null ? "ended by itself" : dead.failure();
  }

  private void crashed(Slot slot, String reason, long servedNanos, long now) {
    slot.crashes().add(reason, servedNanos, config.failure(), jitter(slot), now);
    actions.changed();
  }

  /** The same for the same history, different for different slots: no dice in decisions. */
  private double jitter(Slot slot) {
    int mixed = (name.hashCode() * 31 + slot.index()) * 0x9E3779B1;
    return (mixed >>> 24) / JITTER_STEPS;
  }

  private static boolean mayRetry(Slot slot, long now) {
    return slot.crashes().exhausted() == null && now - slot.crashes().retryAt() >= 0;
  }

  /** One worker in each slot, switched on when it is ready. */
  private void tend(Slot slot, boolean mayRun, boolean mayStop, long now) {
    if (!wanted) {
      if (mayStop) {
        leave(slot, "the service stops", now);
      }
      return;
    }
    boolean owned = isOwned(slot);
    if (!owned && slot.retain()) {
      actions.changed();
    }
    boolean needed = owned && slot.isVacant() && !mayLeaveNobody();
    for (Worker worker : slot.leaving()) {
      if (!needed || worker.state() != WorkerState.SERVING) {
        worker.drain("nobody returns to it", now, actions);
      }
    }
    Worker current = slot.current();
    if (current != null && current.state() == WorkerState.READY) {
      current.switchOn(now, actions); // whoever is to follow it
    } else if (!owned && slot.isEmpty() && mayRun && mayRetry(slot, now)) {
      fill(slot, now);
    }
  }

  private void leave(Slot slot, String why, long now) {
    for (Worker worker : slot.workers()) {
      worker.drain(why, now, actions);
      if (hurried) {
        worker.hurry(now, actions);
      }
    }
  }

  private void fill(Slot slot, long now) {
    if (generations.isPrepared(slot.generation())) {
      slot.setCurrent(spawner.spawn(slot, slot.generation(), now));
    } else {
      generations.prepare(slot.generation(), Set.of(), actions);
    }
  }

  /** Slots that are not wanted any more; but nobody leaves who alone serves. */
  private void retire(boolean mayStop, long now) {
    boolean spare = wanted ? serving().anyMatch(Worker::isAccepting) : mayStop;
    for (Slot slot : surplus) {
      if (spare || !slot.isServed()) {
        leave(slot, "one worker fewer is wanted", now);
      }
      slot.bury();
      // A new slot of that index accepts from the same socket.
      if (slot.close() && slots.stream().noneMatch(other -> other.index() == slot.index())) {
        int index = slot.index();
        actions.add(edges -> edges.closeSlot(name, index));
      }
    }
    if (surplus.removeIf(Slot::isEmpty)) {
      actions.changed();
    }
  }

  private void checkUp(long now) {
    Checkups.bringBack(serving().toList(), now, actions);
    Soak soak = change instanceof Rollout rollout ? rollout.soak() : null;
    long interval = checkInterval(soak);
    if (interval > 0) {
      checkups.advance(serving().toList(), interval, now, actions);
    }
  }

  /** From one check of a worker to its next; 0 for none. */
  private long checkInterval(@Nullable Soak soak) {
    if (soak != null && soak.needsProbes()) {
      return Limits.COMPARE_INTERVAL;
    }
    return wanted && change == null && hasServed ? config.readiness().every().toNanos() : 0;
  }

  private Stream<Worker> serving() {
    return slots.stream().filter(Slot::isServed).map(slot -> slot.current());
  }

  /** Copies and listeners that nobody needs. */
  private void tidyUp() {
    if (change == null) {
      Set<Integer> alive = new HashSet<>();
      workers().forEach(worker -> alive.add(worker.generation().number()));
      slots.forEach(slot -> alive.add(slot.generation().number()));
      generations.discardBut(alive, actions);
      if (spawner.forgetBefore(generations.oldest(alive))) {
        actions.changed();
      }
    }
    Set<String> configured =
        change instanceof Rollout rollout
            ? Sets.union(this.configured, rollout.target().listeners())
            : this.configured;
    if (listening.update(wanted, configured, workers().toList(), generations)) {
      Set<String> needed = listening.needed();
      actions.add(edges -> edges.closeListeners(name, needed));
    }
  }

  /** Whether an old worker goes before a new one comes; or nobody is wanted any more. */
  boolean mayLeaveNobody() {
    RestartPolicy policy = change instanceof Rollout rollout ? rollout.policy() : config.restart();
    return !wanted
        || policy.strategy() == Strategy.EXCLUSIVE
        || policy.strategy() == Strategy.HANDOVER
        || policy.maxUnavailable() > 0;
  }

  /** When to plan again if no fact comes before. */
  private long nextDeadline(boolean mayRun, long now) {
    long wait = workers().mapToLong(w -> w.nextDeadline(now) - now).min().orElse(Worker.FAR);
    if (change != null) {
      wait = Math.min(wait, change.nextDeadline(now + Worker.FAR) - now);
    }
    for (Slot slot : manned().toList()) {
      boolean vacant = mayBeFilled(slot, mayRun) && slot.isEmpty();
      boolean sick = wanted && change == null && healing.isNeeded(slot);
      Generation next = slot.generation();
      boolean asked = generations.isAsked(next) && !generations.isPrepared(next);
      if (((vacant && !asked) || sick) && slot.crashes().exhausted() == null) {
        wait = Math.min(wait, slot.crashes().retryAt() - now);
      }
    }
    Soak soak = change instanceof Rollout rollout ? rollout.soak() : null;
    boolean checks = checkInterval(soak) > 0 && serving().noneMatch(Worker::isBeingChecked);
    if (checks && serving().findAny().isPresent()) {
      wait = Math.min(wait, checkups.nextDeadline() - now);
    }
    return now + Math.max(0, wait);
  }

  private boolean mayBeFilled(Slot slot, boolean mayRun) {
    return slots.contains(slot) ? wanted && mayRun && !isOwned(slot) : wantsStandby();
  }

  private boolean wantsStandby() {
    boolean settled = mayStandBy() && slots.stream().allMatch(Slot::isServed);
    return settled && config.standby() > 0;
  }

  /** In a restart, nobody knows until it is over which generation it is to be of. */
  private boolean mayStandBy() {
    return wanted && (change == null || change instanceof Promotion);
  }

  private boolean isOwned(Slot slot) {
    return healing.owns(slot) || (change != null && change.owns(slot));
  }

  /** A picture for other threads. */
  ServiceStatus status(boolean mayRun) {
    ServiceStatus known = status;
    if (known == null || mayRun != statusMayRun) {
      known = show(mayRun);
      status = known;
      statusMayRun = mayRun;
    }
    return known;
  }

  private ServiceStatus show(boolean mayRun) {
    int generation =
        slots.stream()
            .mapToInt(slot -> slot.generation().number())
            .max()
            .orElse(generations.current().number());
    String failure =
        slots.stream()
            .map(slot -> slot.crashes().exhausted())
            .filter(why -> why != null)
            .findFirst()
            .orElse("");
    return new ServiceStatus(
        name,
        generation,
        phase(mayRun, !failure.isEmpty()),
        failure,
        wanted ? config.workers() : 0,
        workers().map(this::show).collect(ImmutableList.toImmutableList()),
        ImmutableSet.copyOf(listening.needed()));
  }

  private WorkerStatus show(Worker worker) {
    WorkerStatus shown = worker.status();
    boolean waits = worker.state() == WorkerState.READY && isStandby(worker.id());
    return waits && shown.says().isEmpty() ? shown.saying("standby") : shown;
  }

  private ServiceStatus.Phase phase(boolean mayRun, boolean failed) {
    if (!wanted) {
      return isStopped() ? ServiceStatus.Phase.STOPPED : ServiceStatus.Phase.STOPPING;
    }
    if (change instanceof Rollout || change instanceof Promotion) {
      return ServiceStatus.Phase.RESTARTING;
    }
    if (failed) {
      return ServiceStatus.Phase.FAILED;
    }
    if (hasServed) {
      return ServiceStatus.Phase.SERVING;
    }
    return mayRun ? ServiceStatus.Phase.STARTING : ServiceStatus.Phase.WAITING;
  }
}
