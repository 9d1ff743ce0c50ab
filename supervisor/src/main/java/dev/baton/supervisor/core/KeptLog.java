package dev.baton.supervisor.core;

import dev.baton.supervisor.config.Rotation;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** One log: the file it writes into now, those before, and who still writes into which. */
final class KeptLog {
  private static final long SECOND = 1_000_000_000L;

  /** How long a worker may take to move to a new file before it is mentioned. */
  static final long MOVE_TIME = 10 * SECOND;

  /** Between two looks at a log that grows slowly, and at one that grows fast. */
  private static final long LOOK_INTERVAL = 5 * SECOND;

  private static final long SHORTEST_LOOK_INTERVAL = SECOND / 10;

  /** Between two looks at a log that has not grown for two looks. */
  private static final long STILL_INTERVAL = 15 * SECOND;

  /** After a rotation that failed. */
  private static final long TRY_AGAIN = 10 * SECOND;

  private final LogId id;
  private final Map<WorkerId, LogHolder> holders = new LinkedHashMap<>();
  private final TreeSet<Long> old = new TreeSet<>();

  // Mutable state
  private Rotation policy;
  private long number = 1;
  private long begunAt;
  private long bytes;
  private long lookedAt;
  private boolean still;
  private long lookAt;
  private long looking; // the number of the file; 0 for none
  private boolean wanted;
  private boolean rotating;
  private boolean closed;
  private long notBefore;
  private int rotations;
  private int failures;
  private String fault = "";
  private String condition = "";

  KeptLog(LogId id, Rotation policy, long now) {
    this.id = id;
    this.policy = policy;
    this.begunAt = now;
    this.lookedAt = now;
    this.lookAt = now;
    this.notBefore = now;
  }

  LogId id() {
    return id;
  }

  void setPolicy(Rotation other) {
    policy = other;
  }

  // Facts

  void heldBy(WorkerId worker) {
    give(worker, number);
  }

  void heldBy(WorkerId worker, long oldFile) {
    give(worker, oldFile);
    old.add(oldFile);
  }

  private void give(WorkerId worker, long file) {
    holders.computeIfAbsent(worker, one -> new LogHolder()).give(file);
  }

  boolean isHeld() {
    return !holders.isEmpty();
  }

  void gone(WorkerId worker) {
    holders.remove(worker);
  }

  /**
   * It was looked at.
   *
   * @param problem why it cannot be written; empty when it can
   * @param inPlace whether its path still leads to it
   */
  void measured(long size, boolean inPlace, String problem, long now) {
    boolean replaced = looking != 0 && looking != number;
    looking = 0;
    if (replaced) {
      return; // says nothing about the present file
    }
    long grown = Math.max(0, size - bytes);
    long passed = Math.max(1, now - lookedAt);
    bytes = size;
    lookedAt = now;
    boolean rests = still && grown == 0;
    lookAt = now + (rests ? STILL_INTERVAL : interval((double) grown / passed));
    still = grown == 0;
    if (!problem.isEmpty() && condition.isEmpty()) {
      failures++;
    }
    condition = problem;
    boolean due = !inPlace || (policy.maxBytes() > 0 && size >= policy.maxBytes());
    wanted |= due && !rotating; // once is enough
  }

  /** Half of the time after which it would be large enough, as it grows now. */
  private long interval(double bytesPerNano) {
    if (policy.maxBytes() == 0 || bytesPerNano <= 0) {
      return LOOK_INTERVAL;
    }
    double half = Math.max(0, policy.maxBytes() - bytes) / bytesPerNano / 2;
    return (long) Math.min(LOOK_INTERVAL, Math.max(SHORTEST_LOOK_INTERVAL, half));
  }

  void want(long now) {
    wanted = !rotating;
    notBefore = now; // whoever asks has perhaps mended what was wrong
    fault = "";
  }

  void rotated(long now) {
    old.add(number);
    number++;
    rotations++;
    rotating = false;
    begunAt = now;
    bytes = 0;
    lookedAt = now;
    lookAt = now + SHORTEST_LOOK_INTERVAL;
    still = false;
    fault = "";
  }

  void rotationFailed(String reason, long now) {
    rotating = false;
    failures++;
    fault = reason;
    notBefore = now + TRY_AGAIN;
    wanted = true;
  }

  void moved(WorkerId worker, long to) {
    LogHolder holder = holders.get(worker);
    if (holder != null) {
      holder.moved(to);
    }
  }

  void refused(WorkerId worker, String reason) {
    LogHolder holder = holders.get(worker);
    if (holder != null) {
      holder.refuse(reason);
    }
  }

  /** It is not rotated any more, and nobody writes into what is left. */
  void close() {
    closed = true;
    holders.clear();
  }

  boolean isClosed() {
    return closed;
  }

  /** Whether nothing more will be heard of it. */
  boolean isOver() {
    return closed && !rotating && old.isEmpty();
  }

  // Decisions

  boolean isLookDue(long now) {
    return !closed && looking == 0 && now - lookAt >= 0;
  }

  void look() {
    looking = number;
  }

  private boolean isOldEnough(long now) {
    return !policy.maxAge().isZero() && now - begunAt >= policy.maxAge().toNanos();
  }

  /**
   * What is due.
   *
   * @param attached who can be told anything
   */
  void plan(Set<WorkerId> attached, long now, Consumer<Consumer<LogEdges>> actions) {
    if (!closed && !rotating && (wanted || isOldEnough(now)) && now - notBefore >= 0) {
      wanted = false;
      rotating = true;
      actions.accept(edges -> edges.rotate(id));
    }
    holders.forEach((worker, holder) -> plan(worker, holder, attached, now, actions));
    for (Iterator<Long> all = old.iterator(); all.hasNext(); ) {
      long file = all.next();
      if (holders.values().stream().noneMatch(holder -> holder.mayWriteInto(file))) {
        all.remove();
        actions.accept(edges -> edges.archive(id, file));
      }
    }
  }

  private void plan(
      WorkerId worker,
      LogHolder holder,
      Set<WorkerId> attached,
      long now,
      Consumer<Consumer<LogEdges>> actions) {
    if (holder.isAwaited() && now - holder.deadline() >= 0) {
      String late = worker + " has not moved to the new file of " + id + " in time";
      holder.giveUp(late);
      failures++;
      actions.accept(edges -> edges.warn(id, late));
    }
    // What is being rotated is about to have yet another file.
    if (!rotating && attached.contains(worker) && holder.needs(number)) {
      long held = holder.held();
      holder.tell(number, now);
      actions.accept(edges -> edges.move(worker, id, held));
    }
  }

  long nextDeadline(long now) {
    if (closed) {
      return now + Worker.FAR;
    }
    long next = looking == 0 ? lookAt : now + Worker.FAR;
    if (!rotating && wanted) {
      next = earlier(next, notBefore);
    } else if (!rotating && !policy.maxAge().isZero()) {
      next = earlier(next, later(begunAt + policy.maxAge().toNanos(), notBefore));
    }
    for (LogHolder holder : holders.values()) {
      if (holder.isAwaited()) {
        next = earlier(next, holder.deadline());
      }
    }
    return next;
  }

  private static long earlier(long a, long b) {
    return a - b <= 0 ? a : b;
  }

  private static long later(long a, long b) {
    return a - b <= 0 ? b : a;
  }

  long number() {
    return number;
  }

  /** Whether the file of that number was replaced, and who could leave it has, or does not. */
  boolean isPast(long file, Set<WorkerId> attached) {
    return number > file
        && holders.entrySet().stream()
            .noneMatch(one -> one.getValue().isLeaving(file, attached.contains(one.getKey())));
  }

  /** What is wrong; empty when nothing is. */
  String trouble() {
    if (!fault.isEmpty()) {
      return fault;
    }
    for (LogHolder holder : holders.values()) {
      if (holder.trouble() != null) {
        return holder.trouble();
      }
    }
    return condition;
  }

  /** Whether the last attempt to rotate it failed. */
  boolean hasFailed() {
    return !fault.isEmpty();
  }

  LogStatus status() {
    return new LogStatus(id, bytes, rotations, failures, trouble());
  }
}
