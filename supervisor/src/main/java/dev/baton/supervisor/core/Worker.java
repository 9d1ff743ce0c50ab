package dev.baton.supervisor.core;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableSet;
import dev.baton.supervisor.config.WarmUp;
import dev.baton.supervisor.core.Orders.Order;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the supervisor knows of one worker, and what it does next about it alone. */
final class Worker {
  /** Two looks, because a connection is for an instant neither in the queue nor in a descriptor. */
  private static final int COUNTS_TO_BE_DRAINED = 2;

  /** Exit statuses of those that a signal has ended, as shells and the JDK have them. */
  private static final int SIGNALLED = 128;

  private static final int SIGABRT = 6;
  private static final int SIGKILL = 9;
  private static final int SIGSEGV = 11;
  private static final int SIGTERM = 15;

  private static final String NO_PROBE = "cannot be probed: this host hides epoll sets";

  /** Later than every deadline, near enough that differences do not overflow. */
  static final long FAR = 3_600_000_000_000L;

  private final WorkerId id;
  private final Generation generation;
  private final Limits limits;
  private final long launchedAt;
  private final Orders orders;
  private final Health health;

  // Mutable state
  private WorkerState state = WorkerState.STARTING;
  private long since;
  private long deadline;
  private long rootPid;
  private long pid;
  private boolean connected;
  private boolean hasAttached;
  private boolean adopted;
  private boolean exited;
  private boolean exitExpected;
  private int exitStatus;
  private boolean switchable = true;
  private final Set<String> listening = new TreeSet<>();
  private String lastProbe = "";
  private String says = "";
  private String warmth = "";
  private @Nullable Figures figures;
  private boolean lowered;
  private String whyReady = "";
  private String closed = "";
  private @Nullable String failure;
  private boolean switchedOff;
  private long parkNanos;
  private int connections;
  private int emptyCounts;
  private long servedNanos;
  private boolean signalled;
  private ArchiveUse archive = ArchiveUse.NONE;
  private boolean hasTrained;
  private @Nullable WorkerState diagnosedIn;
  private boolean awaitsDiagnosis;

  Worker(WorkerId id, Generation generation, long now) {
    this.id = id;
    this.generation = generation;
    this.limits = Limits.of(generation.config());
    this.orders = new Orders(id);
    this.health = new Health(generation.config().readiness().failures(), limits.watchdog());
    this.launchedAt = now;
    this.since = now;
    this.deadline = now + limits.start();
  }

  /**
   * As another supervisor has left it: it lives, or does not, and has no connection yet. Every
   * deadline begins again.
   */
  Worker(Snapshot.OfWorker record, Generation generation, long now) {
    this(record.id(), generation, now);
    state = record.state();
    rootPid = record.rootPid();
    pid = record.pid();
    adopted = true;
    listening.addAll(record.listening());
    switchable = record.switchable();
    parkNanos = record.parkNanos();
    failure = record.failure().isEmpty() ? null : record.failure();
    deadline = state == WorkerState.KILLED ? now : now + limit(state);
    hasAttached = record.attached();
    // Whether it was launched gently is not in the record; to look is cheap.
    lowered = generation.config().gentleStart();
    if (state == WorkerState.SERVING) {
      health.begin(now);
    }
  }

  Snapshot.OfWorker snapshot(Snapshot.Role role) {
    return new Snapshot.OfWorker(
        id,
        role,
        state,
        rootPid,
        pid,
        hasAttached,
        ImmutableSet.copyOf(listening),
        switchable,
        parkNanos,
        failure == null ? "" : failure);
  }

  /**
   * Its first moment.
   *
   * @param gently with a lower weight until it is ready, because somebody serves beside it
   */
  void launch(boolean gently, Actions actions) {
    lowered = gently;
    actions.add(edges -> edges.spawn(id, generation, gently));
    announce(launchedAt, "started", actions);
  }

  WorkerId id() {
    return id;
  }

  Generation generation() {
    return generation;
  }

  WorkerState state() {
    return state;
  }

  long pid() {
    return pid;
  }

  long launchedAt() {
    return launchedAt;
  }

  Set<String> listening() {
    return listening;
  }

  Health health() {
    return health;
  }

  /** How long it served, until it last stopped doing so. */
  long servedNanos() {
    return servedNanos;
  }

  /** Why it is not wanted any more; null while it is, or when its replacement is the reason. */
  @Nullable String failure() {
    return failure;
  }

  /** Why it should be replaced although it serves; null while it does well. */
  @Nullable String trouble() {
    if (state != WorkerState.SERVING) {
      return null;
    }
    return closed.isEmpty() ? health.trouble() : "has closed " + closed;
  }

  /** On the shared sockets at this moment, by all we know; one that hung up is about to end. */
  boolean isAccepting() {
    boolean away = orders.isAside() || orders.is(Order.SWITCH_ON);
    return state == WorkerState.SERVING && connected && !away;
  }

  /** On the shared sockets by all we know: even when it was told to end, until it is gone. */
  boolean mayAccept() {
    boolean alive = !isDead() && state != WorkerState.GONE;
    return alive && (state == WorkerState.SERVING || !switchedOff);
  }

  /** Whether it can be taken back: switched off at most, not told to stop, and still listens. */
  boolean canServeAgain() {
    return isOff() && closed.isEmpty() && connected && !isDead();
  }

  private boolean isOff() {
    return state == WorkerState.DRAINING || state == WorkerState.PARKED;
  }

  /** One switch away from it. */
  private boolean couldServe() {
    return state == WorkerState.READY || isOff();
  }

  /** Ready, and can be told so. */
  boolean isStandingBy() {
    return state == WorkerState.READY && connected && !isDead();
  }

  boolean isSwitchedOff() {
    return switchedOff;
  }

  /** Told to serve again, and on the shared sockets at any moment: no drain ends it now. */
  private boolean comesBack() {
    return isOff() && orders.is(Order.SWITCH_ON);
  }

  // Facts

  void spawned(long launchedPid, ArchiveUse use) {
    rootPid = launchedPid;
    pid = launchedPid;
    archive = use;
  }

  void spawnFailed(String reason) {
    failure = reason;
    exited = true;
  }

  void attached(long jvmPid, long now, Actions actions) {
    connected = true;
    hasAttached = true;
    pid = jvmPid;
    if (state == WorkerState.STARTING) {
      become(WorkerState.BOOTING, now, "attached", actions);
    }
  }

  void listens(String listener, boolean canSwitch, long now, Actions actions) {
    listening.add(listener);
    switchable &= canSwitch;
    // A listener bound while it serves is still on its private face.
    if (state == WorkerState.SERVING && switchable && !orders.isAside()) {
      orders.switchOn(now, actions);
    }
  }

  /**
   * The application has closed it. When it drains that is the way some servers finish, and then
   * there is no way back.
   */
  void released(String listener, long now, Actions actions) {
    listening.remove(listener);
    if (isOff()) {
      closed = listener;
    }
    if (state == WorkerState.PARKED) {
      stop("has closed " + listener, now, actions);
    }
  }

  /** What it does, in its own words. */
  void says(String text) {
    says = text;
  }

  /** How its JVM does. */
  void tells(Figures told) {
    figures = told;
  }

  /** It lives; returns whether that was in doubt. */
  boolean heard() {
    return health.pulse().heard();
  }

  void probed(boolean passed, String detail, long took, long now, Actions actions) {
    lastProbe = detail;
    if (state == WorkerState.SERVING && orders.probedWhileServing(switchable, now, actions)) {
      health.probed(passed, detail, took);
    } else if (state == WorkerState.WARMING) {
      orders.answered(Order.PROBE, now + Limits.PROBE_INTERVAL);
      if (passed && orders.is(Order.NONE)) {
        passed(detail, now, actions);
      }
    }
  }

  private void passed(String detail, long now, Actions actions) {
    WarmUp how = generation.config().readiness().warmUp();
    if (how == null) {
      ready(detail, now, actions);
      return;
    }
    long most = how.timeout().toNanos() + Limits.WARM_UP_ENDS;
    orders.warmUp(how, most, now, actions);
    deadline = now + most; // the start has its own, and this is no part of it
    announce(now, detail + "; is warmed up", actions);
  }

  void warmingUp(String progress, long now, Actions actions) {
    if (orders.is(Order.WARM_UP)) {
      warmth = progress;
      announce(now, progress, actions);
    }
  }

  void warmedUp(boolean passed, String detail, long now, Actions actions) {
    if (!orders.is(Order.WARM_UP)) {
      return;
    }
    orders.answered(Order.WARM_UP, now);
    if (passed) {
      ready(detail, now, actions);
    } else {
      end(detail, now, actions);
    }
  }

  /** It may be switched on, as soon as it has its full weight. */
  private void ready(String why, long now, Actions actions) {
    if (!lowered) {
      become(WorkerState.READY, now, why, actions);
      return;
    }
    whyReady = why;
    orders.raise(now, actions);
    deadline = now + Limits.of(Order.RAISE); // the start is over, and this has its own
  }

  /** It serves with what weight it has, if it cannot be raised: that is better than not at all. */
  void raised(String trouble, long now, Actions actions) {
    if (orders.is(Order.RAISE)) {
      orders.answered(Order.RAISE, now);
      lowered = false;
      String but = trouble.isEmpty() ? "" : "; has a lower weight still: " + trouble;
      become(WorkerState.READY, now, whyReady + but, actions);
    }
  }

  void switched(Face face, String detail, long now, Actions actions) {
    if (face == Face.SHARED && orders.switchedOn(now)) {
      switchedOff = false;
      if (couldServe()) {
        become(WorkerState.SERVING, now, "switched on" + detail, actions);
      }
    } else if (face == Face.PRIVATE && orders.switchedOff(now, actions)) {
      switchedOff = true;
      announce(now, "switched off" + detail, actions);
    }
  }

  void counted(int open, long now, Actions actions) {
    orders.answered(Order.COUNT, now + (open == 0 ? Limits.COUNT_INTERVAL : patience(now)));
    connections = open;
    emptyCounts = open == 0 ? emptyCounts + 1 : 0;
    boolean drains = state == WorkerState.DRAINING && !comesBack();
    if (emptyCounts >= COUNTS_TO_BE_DRAINED && drains) {
      drained("drained", now, actions);
    }
  }

  /** The longer it drains, the less often it is asked: a count looks at every descriptor. */
  private long patience(long now) {
    return Math.max(Limits.COUNT_INTERVAL, Math.min((now - since) / 8, Limits.COUNT_AT_LEAST));
  }

  private void drained(String how, long now, Actions actions) {
    if (parkNanos > 0 && switchedOff && closed.isEmpty()) {
      become(WorkerState.PARKED, now, how + ", kept for a roll-back", actions);
    } else {
      become(WorkerState.STOPPING, now, how, actions);
    }
  }

  void orderFailed(String reason, long now, Actions actions) {
    switch (orders.failed(now + Limits.COUNT_INTERVAL)) {
      case SWITCH_ON -> end("could not be switched on: " + reason, now, actions);
      case SWITCH_OFF -> stop("could not be switched off: " + reason, now, actions);
      case STEP_ASIDE, CHECK_ASIDE, STEP_BACK -> {
        // Wherever it stands now, among those who accept it has to be.
        health.probed(false, "could not be probed: " + reason, 0);
        orders.switchOn(now, actions);
      }
      case CHECK -> health.probed(false, "could not be probed: " + reason, 0);
      case WARM_UP -> {
        actions.add(edges -> edges.endWarmUp(id));
        ready("not warmed up: " + reason, now, actions);
      }
      case RAISE -> {
        lowered = false;
        become(WorkerState.READY, now, whyReady + "; may have a lower weight: " + reason, actions);
      }
      case COUNT, PROBE, NONE -> {}
    }
  }

  /**
   * It has come to a supervisor that knows it from another one's record, or from before it lost its
   * connection. What it was told last may be under way: so it is told once more.
   *
   * @param bound what it listens on by its own word
   * @param accepts whether it may be on a shared socket
   */
  void reattached(
      long jvmPid,
      Set<String> bound,
      boolean canSwitch,
      boolean accepts,
      long now,
      Actions actions) {
    connected = true;
    hasAttached = true;
    pid = jvmPid;
    for (String before : listening) {
      closed = isOff() && !bound.contains(before) ? before : closed;
    }
    listening.clear();
    listening.addAll(bound);
    switchable = canSwitch;
    orders.cancel(actions);
    emptyCounts = 0;
    if (state == WorkerState.STARTING) {
      become(WorkerState.BOOTING, now, "attached", actions);
    }
    if (couldServe() && accepts) {
      become(WorkerState.SERVING, now, "is on the shared sockets", actions);
    }
    if (state == WorkerState.SERVING) {
      health.begin(now);
    }
    if (switchable && state == WorkerState.SERVING) {
      orders.switchOn(now, actions);
    } else if (switchable && isOff()) {
      switchedOff = false;
      orders.switchOff(timeLeft(now), now, actions);
    } else if (state == WorkerState.WARMING && !switchable) {
      ready(NO_PROBE, now, actions); // it was about to be
    } else {
      orders.dueAt(now);
      actions.changed();
    }
  }

  /** It lives, but has not come to this supervisor in time. */
  void lost(long now, Actions actions) {
    if (!connected && !isDead()) {
      end("did not come to the new supervisor in time", now, actions);
    }
  }

  void detached() {
    connected = false;
    health.pulse().end();
  }

  void exitedWith(int status) {
    exited = true;
    exitStatus = status;
    exitExpected = state.isLeaving();
  }

  // Decisions about it

  /** Not wanted any more, and not because of what it did: first drained, then stopped. */
  void drain(String reason, long now, Actions actions) {
    drain(0, reason, now, actions);
  }

  /**
   * The same, but when it is drained it is kept.
   *
   * @param park for how many nanoseconds
   */
  void drain(long park, String reason, long now, Actions actions) {
    parkNanos = park;
    if (mayHaveClients()) {
      if (state != WorkerState.DRAINING) {
        become(WorkerState.DRAINING, now, reason, actions);
      }
      emptyCounts = 0;
      switchedOff = false; // it may have been before, and be on its way back
      orders.switchOff(Math.max(0, deadline - now), now, actions);
    } else if (state != WorkerState.DRAINING && !state.isEnding()) {
      become(WorkerState.STOPPING, now, reason, actions);
    }
  }

  /**
   * One that was drained only to see what becomes of its successor: for how long it is kept now.
   */
  void keep(long park, String reason, long now, Actions actions) {
    parkNanos = park;
    if (state == WorkerState.PARKED && park > 0) {
      deadline = now + park;
      actions.changed();
    } else if (state == WorkerState.PARKED) {
      become(WorkerState.STOPPING, now, reason, actions);
    }
  }

  /** An order to switch on may have been carried out before its answer is here. */
  private boolean mayHaveClients() {
    boolean on = state == WorkerState.SERVING || orders.is(Order.SWITCH_ON);
    return on && !state.isEnding() && switchable && connected;
  }

  /** Ends a drain, whoever is still connected; but not before it takes no new clients. */
  void hurry(long now, Actions actions) {
    if (state == WorkerState.DRAINING && switchedOff) {
      stop("told to hurry with " + connections + " connections open", now, actions);
    }
  }

  /** Stopped because of what it did or did not do. */
  void end(String reason, long now, Actions actions) {
    if (failure == null) {
      failure = reason;
    }
    stop(reason, now, actions);
  }

  private void stop(String reason, long now, Actions actions) {
    if (!state.isEnding()) {
      become(WorkerState.STOPPING, now, reason, actions);
    }
  }

  /** Asks for the shared sockets: a ready worker's first time, or a drained one's way back. */
  void switchOn(long now, Actions actions) {
    if (!switchable) {
      become(WorkerState.SERVING, now, "holds the shared sockets since its bind", actions);
    } else if (!orders.is(Order.SWITCH_ON)) {
      orders.switchOn(now, actions);
    }
  }

  /**
   * Tries the gates of a serving worker once more.
   *
   * @param aside on its private faces, while others accept; else at the shared sockets
   */
  void check(boolean aside, long now, Actions actions) {
    if (isAccepting() && orders.is(Order.NONE)) {
      orders.check(aside && switchable, now, actions);
    }
  }

  /** Back to those who accept, without waiting for what its gates answer. */
  void endCheckAside(long now, Actions actions) {
    orders.endCheckAside(now, actions);
  }

  /** Whether a check has begun and not ended. */
  boolean isBeingChecked() {
    return orders.isChecking();
  }

  /** Has written down what it does, once in each state. */
  void diagnose(Actions actions) {
    if (diagnosedIn != state) {
      WorkerState in = state;
      Figures known = figures;
      diagnosedIn = in;
      actions.add(edges -> edges.diagnose(id, in, known));
    }
  }

  /** What would have come next waits until that is written down, but not for ever. */
  private void diagnoseFirst(long now, Actions actions) {
    diagnose(actions);
    deadline = now + Limits.DIAGNOSIS;
    awaitsDiagnosis = true;
  }

  void diagnosed(long now, Actions actions) {
    if (awaitsDiagnosis) {
      awaitsDiagnosis = false;
      deadline = now;
      actions.changed();
    }
  }

  /** Whether it may be tried at its gates: it listens on all it should, and on something at all. */
  private void checkListening(Set<String> chosen, long now, Actions actions) {
    boolean all = listening.containsAll(generation.listeners()) && listening.containsAll(chosen);
    if (state != WorkerState.BOOTING || listening.isEmpty() || !all) {
      return;
    }
    become(WorkerState.WARMING, now, "listens on " + String.join(", ", listening), actions);
    if (!switchable) {
      ready(NO_PROBE, now, actions);
    }
  }

  /**
   * What is due now about this worker alone. Called again at once, it adds nothing.
   *
   * @param chosen listeners it must have besides those it is configured with
   */
  void plan(Set<String> chosen, long now, Actions actions) {
    checkExit(now, actions);
    checkListening(chosen, now, actions);
    checkDeadlines(chosen, now, actions);
    giveOrders(now, actions);
    escalate(now, actions);
  }

  private void checkExit(long now, Actions actions) {
    if (!isDead() || state == WorkerState.GONE) {
      return;
    }
    if (!exitExpected && failure == null) {
      failure =
          exitText() + (state == WorkerState.SERVING ? " while it served" : " before it served");
    }
    String reason = failure != null && !exitExpected ? failure : exitText();
    become(WorkerState.GONE, now, reason, actions);
    String why = failure;
    if (why != null && (hasFailedWithArchive() || hasCrashedWithArchive())) {
      actions.add(edges -> edges.setArchiveAside(id, why));
    }
    if (!exitExpected || !endedAsTold()) {
      actions.add(edges -> edges.keepRemains(id, exitExpected ? "" : reason));
    }
    actions.add(edges -> edges.forget(id));
  }

  /** It did not come to serve, and may have if it had loaded its classes from its jars. */
  boolean hasFailedWithArchive() {
    return archive == ArchiveUse.USES && failure != null && servedNanos == 0;
  }

  /** A JVM that was killed by its own fault, SIGABRT or SIGSEGV, may have been by its archive. */
  private boolean hasCrashedWithArchive() {
    boolean crashed = exitStatus == SIGNALLED + SIGABRT || exitStatus == SIGNALLED + SIGSEGV;
    return archive == ArchiveUse.USES && !exitExpected && crashed;
  }

  /** A script may end before the JVM it started: as long as that is attached, the worker lives. */
  private boolean isDead() {
    boolean scriptEnded = connected && pid != rootPid;
    return exited && !scriptEnded;
  }

  /** Of its own will, or by one of our signals; of who is not our child we only know the end. */
  private boolean endedAsTold() {
    return adopted
        || exitStatus == 0
        || exitStatus == SIGNALLED + SIGTERM
        || exitStatus == SIGNALLED + SIGKILL;
  }

  private String exitText() {
    if (adopted) {
      return "ended"; // who is not our child tells us no status
    }
    return switch (exitStatus) {
      case SIGNALLED + SIGTERM -> "exited on SIGTERM";
      case SIGNALLED + SIGKILL -> "killed by SIGKILL";
      default -> "exited with status " + exitStatus;
    };
  }

  private void checkDeadlines(Set<String> chosen, long now, Actions actions) {
    if (orders.isOverdue(now) && state == WorkerState.SERVING && orders.is(Order.SWITCH_ON)) {
      // It serves, by all we know: who is to replace it has to be ready first.
      health.probed(false, "does not answer", 0);
      orders.switchOn(now, actions);
    } else if (orders.isOverdue(now)) {
      orderFailed("no answer in time", now, actions);
    }
    if (!mayBeOver() || now - deadline < 0) {
      return;
    }
    switch (state) {
      case STARTING -> end("no JVM attached in time" + hint(), now, actions);
      case BOOTING -> end("not ready in time: " + missing(chosen), now, actions);
      case WARMING -> end("not ready in time: " + lastProbe, now, actions);
      case READY, SERVING, STOPPING, KILLED, GONE -> {}
      case DRAINING -> {
        if (connections > 0 && diagnosedIn != state) {
          diagnoseFirst(now, actions);
        } else {
          drained("lingered with " + connections + " connections open", now, actions);
        }
      }
      case PARKED -> stop("was kept long enough", now, actions);
    }
  }

  private static String hint() {
    return ": it has not bound any address, or is no JVM, or JAVA_TOOL_OPTIONS does not reach it";
  }

  private String missing(Set<String> chosen) {
    Set<String> missing = new TreeSet<>(generation.listeners());
    missing.addAll(chosen);
    missing.removeAll(listening);
    return missing.isEmpty()
        ? "it listens on nothing"
        : "it does not listen on " + String.join(", ", missing);
  }

  private void giveOrders(long now, Actions actions) {
    if (state == WorkerState.WARMING) {
      orders.probeIfDue(now, actions);
    } else if (state == WorkerState.DRAINING && switchedOff) {
      orders.countIfDue(now, actions);
    } else if (state == WorkerState.SERVING && health.pulse().ask(now)) {
      actions.ask(edges -> edges.ping(id));
    }
    if (trains() && now - trainedAt() >= 0) {
      hasTrained = true;
      actions.add(edges -> edges.makeArchive(id));
    }
  }

  private boolean trains() {
    return state == WorkerState.SERVING && archive == ArchiveUse.TRAINS && !hasTrained;
  }

  private long trainedAt() {
    return since + limits.training();
  }

  private void escalate(long now, Actions actions) {
    if (state == WorkerState.STOPPING && !signalled) {
      signalled = true;
      actions.add(edges -> edges.terminate(id));
    }
    boolean late = now - deadline >= 0;
    if (state == WorkerState.STOPPING && late && diagnosedIn != state) {
      diagnoseFirst(now, actions);
    } else if (state == WorkerState.STOPPING && late) {
      become(WorkerState.KILLED, now, "still alive after its stop deadline", actions);
      actions.add(edges -> edges.kill(id));
    } else if (state == WorkerState.KILLED && late) {
      deadline = now + Limits.KILL_AGAIN;
      actions.add(edges -> edges.kill(id));
    }
  }

  /** The earliest instant at which {@link #plan} has something to do without a new fact. */
  long nextDeadline(long now) {
    long next = now + FAR;
    if (mayBeOver()) {
      next = earlier(next, deadline);
    }
    boolean polls = state == WorkerState.WARMING || (state == WorkerState.DRAINING && switchedOff);
    next = earlier(next, orders.nextDeadline(polls, now + FAR));
    next = trains() ? earlier(next, trainedAt()) : next;
    return state == WorkerState.SERVING ? earlier(next, health.pulse().nextDeadline(next)) : next;
  }

  private boolean hasDeadline() {
    return switch (state) {
      case READY, SERVING, GONE -> false;
      case DRAINING, PARKED -> !comesBack();
      case STARTING, BOOTING, WARMING, STOPPING, KILLED -> true;
    };
  }

  /** No drain is, before it is known that no new clients come: that order has its own end. */
  private boolean mayBeOver() {
    return hasDeadline() && !(isOff() && orders.is(Order.SWITCH_OFF));
  }

  /** How long it may stay in its state; 0 for as long as it likes. */
  long timeLeft(long now) {
    return hasDeadline() ? Math.max(0, deadline - now) : 0;
  }

  private static long earlier(long a, long b) {
    return a - b <= 0 ? a : b;
  }

  private void become(WorkerState next, long now, String reason, Actions actions) {
    Preconditions.checkArgument(!reason.isBlank(), "%s: %s without a reason", id, next);
    Preconditions.checkState(isLegal(next), "%s: %s -> %s", id, state, next);
    servedNanos += state == WorkerState.SERVING ? now - since : 0;
    state = next;
    since = now;
    awaitsDiagnosis = false;
    health.pulse().end();
    if (next == WorkerState.SERVING) {
      health.begin(now);
    } else if (next == WorkerState.WARMING) {
      orders.dueAt(now);
    } else if (next.isLeaving() && next != WorkerState.GONE) {
      deadline = now + limit(next);
    }
    if (next == WorkerState.STOPPING || next == WorkerState.GONE) {
      orders.cancel(actions);
    }
    announce(now, reason, actions);
  }

  /** How long it may be in that state. */
  private long limit(WorkerState in) {
    return switch (in) {
      case STARTING, BOOTING, WARMING -> limits.start();
      case DRAINING -> limits.linger();
      case PARKED -> parkNanos;
      case STOPPING -> limits.stop();
      case KILLED -> Limits.KILL_AGAIN;
      case READY, SERVING, GONE -> 0;
    };
  }

  private boolean isLegal(WorkerState next) {
    boolean returns = state == WorkerState.DRAINING && next == WorkerState.SERVING;
    boolean wasKept = state == WorkerState.PARKED && next != WorkerState.PARKED;
    return returns
        || (wasKept && next.compareTo(WorkerState.SERVING) >= 0)
        || next.compareTo(state) > 0;
  }

  private void announce(long now, String reason, Actions actions) {
    actions.announce(this, reason, now);
  }

  WorkerStatus status() {
    String trouble = trouble();
    return new WorkerStatus(
        id,
        state,
        pid,
        since,
        List.copyOf(listening),
        connections,
        trouble == null ? "" : trouble,
        orders.is(Order.WARM_UP) ? warmth : says,
        archive,
        figures);
  }
}
