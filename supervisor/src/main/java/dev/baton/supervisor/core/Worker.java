package dev.baton.supervisor.core;

import com.google.common.base.Preconditions;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the supervisor knows of one worker, and what it does next about it alone. */
final class Worker {
  /** Two looks, because a connection is for an instant neither in the queue nor in a descriptor. */
  private static final int COUNTS_TO_BE_DRAINED = 2;

  /** An order that was given and not answered yet. */
  private enum Order {
    NONE,
    PROBE,
    SWITCH_ON,
    SWITCH_OFF,
    COUNT
  }

  private final WorkerId id;
  private final Limits limits;
  private final long launchedAt;

  // Mutable state
  private WorkerState state = WorkerState.STARTING;
  private long since;
  private long deadline;
  private long pid;
  private boolean connected;
  private boolean exited;
  private boolean exitExpected;
  private int exitStatus;
  private boolean switchable = true;
  private final Set<String> listening = new TreeSet<>();
  private String lastProbe = "";
  private @Nullable String failure;
  private Order order = Order.NONE;
  private long orderDeadline;
  private long nextTry;
  private boolean switchedOff;
  private int connections;
  private int emptyCounts;
  private long servedNanos;
  private boolean signalled;
  private boolean dumped;

  Worker(WorkerId id, Limits limits, long now) {
    this.id = id;
    this.limits = limits;
    this.launchedAt = now;
    this.since = now;
    this.deadline = now + limits.start();
  }

  /** Its first moment. */
  void launch(Actions actions) {
    actions.add(edges -> edges.spawn(id));
    announce(launchedAt, "started", actions);
  }

  WorkerId id() {
    return id;
  }

  WorkerState state() {
    return state;
  }

  long pid() {
    return pid;
  }

  long since() {
    return since;
  }

  long launchedAt() {
    return launchedAt;
  }

  Set<String> listening() {
    return listening;
  }

  int connections() {
    return connections;
  }

  boolean isSwitchable() {
    return switchable;
  }

  /** How long it served, until it last stopped doing so. */
  long servedNanos() {
    return servedNanos;
  }

  /** Why it is not wanted any more; null while it is, or when its replacement is the reason. */
  @Nullable String failure() {
    return failure;
  }

  /** Whether it can be taken back: switched off at most, not told to stop. */
  boolean canServeAgain() {
    return state == WorkerState.DRAINING && connected && !exited;
  }

  // Facts

  void spawned(long rootPid) {
    pid = rootPid;
  }

  void spawnFailed(String reason) {
    failure = reason;
    exited = true;
  }

  void attached(long jvmPid, long now, Actions actions) {
    connected = true;
    pid = jvmPid;
    if (state == WorkerState.STARTING) {
      become(WorkerState.BOOTING, now, "attached", actions);
    }
  }

  void listens(String listener, boolean canSwitch, long now, Actions actions) {
    listening.add(listener);
    switchable &= canSwitch;
    // A listener bound while it serves is still on its private face.
    if (state == WorkerState.SERVING && switchable) {
      giveSwitchOn(now, actions);
    }
  }

  void released(String listener) {
    listening.remove(listener);
  }

  void probed(boolean passed, String detail, long now, Actions actions) {
    answered(Order.PROBE);
    lastProbe = detail;
    nextTry = now + Limits.PROBE_INTERVAL;
    if (passed && state == WorkerState.WARMING) {
      become(WorkerState.READY, now, detail, actions);
    }
  }

  void switched(Face face, String detail, long now, Actions actions) {
    if (face == Face.SHARED && order == Order.SWITCH_ON) {
      order = Order.NONE;
      switchedOff = false;
      if (state == WorkerState.READY || state == WorkerState.DRAINING) {
        become(WorkerState.SERVING, now, "switched on" + detail, actions);
      }
    } else if (face == Face.PRIVATE && order == Order.SWITCH_OFF) {
      order = Order.NONE;
      switchedOff = true;
      nextTry = now;
      announce(now, "switched off" + detail, actions);
    }
  }

  void counted(int open, long now, Actions actions) {
    answered(Order.COUNT);
    connections = open;
    emptyCounts = open == 0 ? emptyCounts + 1 : 0;
    nextTry = now + (open == 0 ? Limits.COUNT_INTERVAL : patientInterval(now));
    if (emptyCounts >= COUNTS_TO_BE_DRAINED && state == WorkerState.DRAINING) {
      become(WorkerState.STOPPING, now, "drained", actions);
    }
  }

  /** The longer it drains, the less often it is asked: a count looks at every descriptor. */
  private long patientInterval(long now) {
    return Math.max(Limits.COUNT_INTERVAL, Math.min((now - since) / 8, Limits.COUNT_AT_LEAST));
  }

  void orderFailed(String reason, long now, Actions actions) {
    Order failed = order;
    order = Order.NONE;
    switch (failed) {
      case SWITCH_ON -> end("could not be switched on: " + reason, now, actions);
      case SWITCH_OFF -> stop("could not be switched off: " + reason, now, actions);
      case COUNT, PROBE, NONE -> nextTry = now + Limits.COUNT_INTERVAL;
    }
  }

  void detached() {
    connected = false;
  }

  void exitedWith(int status) {
    exited = true;
    exitStatus = status;
    exitExpected = state.isEnding();
  }

  // Decisions about it

  /** Not wanted any more, and not because of what it did: first drained, then stopped. */
  void drain(String reason, long now, Actions actions) {
    if (mayHaveClients()) {
      become(WorkerState.DRAINING, now, reason, actions);
      emptyCounts = 0;
      give(Order.SWITCH_OFF, now, edges -> edges.switchTo(id, Face.PRIVATE), actions);
    } else if (!state.isEnding()) {
      become(WorkerState.STOPPING, now, reason, actions);
    }
  }

  /** An order to switch on may have been carried out before its answer is here. */
  private boolean mayHaveClients() {
    boolean on = state == WorkerState.SERVING || order == Order.SWITCH_ON;
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
    if (state.compareTo(WorkerState.STOPPING) < 0) {
      become(WorkerState.STOPPING, now, reason, actions);
    }
  }

  /** Asks for the shared sockets: a ready worker's first time, or a draining one's way back. */
  void switchOn(long now, Actions actions) {
    if (!switchable) {
      become(WorkerState.SERVING, now, "holds the shared sockets since its bind", actions);
    } else if (order != Order.SWITCH_ON) {
      giveSwitchOn(now, actions);
    }
  }

  private void giveSwitchOn(long now, Actions actions) {
    give(Order.SWITCH_ON, now, edges -> edges.switchTo(id, Face.SHARED), actions);
  }

  /** Whether it may be tried at its gates: it listens on all it should, and on something at all. */
  void checkListening(Set<String> expected, long now, Actions actions) {
    if (state != WorkerState.BOOTING || listening.isEmpty() || !listening.containsAll(expected)) {
      return;
    }
    become(WorkerState.WARMING, now, "listens on " + String.join(", ", listening), actions);
    if (!switchable) {
      become(WorkerState.READY, now, "cannot be probed: this host hides epoll sets", actions);
    }
  }

  /** What is due now about this worker alone. Called again at once, it adds nothing. */
  void plan(Set<String> expected, long now, Actions actions) {
    checkExit(now, actions);
    checkListening(expected, now, actions);
    checkDeadlines(expected, now, actions);
    giveOrders(now, actions);
    escalate(now, actions);
  }

  private void checkExit(long now, Actions actions) {
    // A script may end before the JVM it started: as long as that is attached, the worker lives.
    if (!exited || connected || state == WorkerState.GONE) {
      return;
    }
    if (!exitExpected && failure == null) {
      String when = state == WorkerState.SERVING ? "while it served" : "before it served";
      failure = exitText() + " " + when;
    }
    become(WorkerState.GONE, now, failure != null && !exitExpected ? failure : exitText(), actions);
    actions.add(edges -> edges.forget(id));
  }

  private String exitText() {
    return switch (exitStatus) {
      case 128 + 15 -> "exited on SIGTERM";
      case 128 + 9 -> "killed by SIGKILL";
      default -> "exited with status " + exitStatus;
    };
  }

  private void checkDeadlines(Set<String> expected, long now, Actions actions) {
    if (order != Order.NONE && now - orderDeadline >= 0) {
      orderFailed("no answer in time", now, actions);
    }
    if (now - deadline < 0) {
      return;
    }
    switch (state) {
      case STARTING -> end("no JVM attached in time" + hint(), now, actions);
      case BOOTING -> end("not ready in time: " + missing(expected), now, actions);
      case WARMING -> end("not ready in time: " + lastProbe, now, actions);
      case READY, SERVING, STOPPING, KILLED, GONE -> {}
      case DRAINING -> stop("lingered with " + connections + " connections open", now, actions);
    }
  }

  private static String hint() {
    return ": it has not bound any address, or is no JVM, or JAVA_TOOL_OPTIONS does not reach it";
  }

  private String missing(Set<String> expected) {
    Set<String> missing = new TreeSet<>(expected);
    missing.removeAll(listening);
    return missing.isEmpty()
        ? "it listens on nothing"
        : "it does not listen on " + String.join(", ", missing);
  }

  private void giveOrders(long now, Actions actions) {
    boolean due = now - nextTry >= 0;
    if (order == Order.NONE && due && state == WorkerState.WARMING) {
      give(Order.PROBE, now, edges -> edges.probe(id), actions);
    } else if (order == Order.NONE && due && state == WorkerState.DRAINING && switchedOff) {
      give(Order.COUNT, now, edges -> edges.countConnections(id), actions);
    }
  }

  private void give(Order given, long now, Action action, Actions actions) {
    order = given;
    orderDeadline = now + Limits.ORDER;
    actions.add(action);
  }

  private void answered(Order expected) {
    if (order == expected) {
      order = Order.NONE;
    }
  }

  private void escalate(long now, Actions actions) {
    if (state == WorkerState.STOPPING && !signalled) {
      signalled = true;
      actions.add(edges -> edges.terminate(id));
    }
    boolean late = now - deadline >= 0;
    if (state == WorkerState.STOPPING && late && !dumped) {
      dumped = true;
      deadline = now + Limits.DUMP;
      actions.add(edges -> edges.dumpThreads(id));
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
    if (state != WorkerState.GONE && hasDeadline()) {
      next = earlier(next, deadline);
    }
    if (order != Order.NONE) {
      next = earlier(next, orderDeadline);
    } else if (state == WorkerState.WARMING || (state == WorkerState.DRAINING && switchedOff)) {
      next = earlier(next, nextTry);
    }
    return next;
  }

  private boolean hasDeadline() {
    return switch (state) {
      case READY, SERVING, GONE -> false;
      case STARTING, BOOTING, WARMING, DRAINING, STOPPING, KILLED -> true;
    };
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
    switch (next) {
      case DRAINING -> deadline = now + limits.linger();
      case STOPPING -> deadline = now + limits.stop();
      case KILLED -> deadline = now + Limits.KILL_AGAIN;
      case WARMING -> nextTry = now;
      case STARTING, BOOTING, READY, SERVING, GONE -> {}
    }
    if (next == WorkerState.STOPPING || next == WorkerState.GONE) {
      order = Order.NONE;
    }
    announce(now, reason, actions);
  }

  private boolean isLegal(WorkerState next) {
    return next.compareTo(state) > 0
        || (state == WorkerState.DRAINING && next == WorkerState.SERVING);
  }

  private void announce(long now, String reason, Actions actions) {
    actions.announce(this, reason, now);
  }

  /** Later than every deadline, near enough that differences do not overflow. */
  static final long FAR = 3_600_000_000_000L;

  WorkerStatus status() {
    return new WorkerStatus(id, state, pid, since, List.copyOf(listening), connections);
  }
}
