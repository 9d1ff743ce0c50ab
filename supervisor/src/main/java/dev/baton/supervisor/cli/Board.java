package dev.baton.supervisor.cli;

import dev.baton.protocol.Message;
import dev.baton.protocol.ProtocolException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the messages so far say of each slot: its newest worker, and beside it the one that is being
 * replaced for as long as it lives. Not thread-safe; time is an argument.
 */
final class Board {
  private static final Pattern WORKER = Pattern.compile("(.*)\\.g\\d+(/\\d+)(?:#\\d+)?");
  private static final Set<String> SETTLED = Set.of("serving", "standby", "parked", "gone");

  /**
   * A worker.
   *
   * @param slot the same for a worker and its replacement
   * @param firstAt when it was first heard of
   * @param stateAt when it came to its state
   * @param deadlineAt when the supervisor escalates; meaningless without {@code hasDeadline}
   */
  record Row(
      String worker,
      String slot,
      String state,
      String pid,
      String reason,
      long firstAt,
      long stateAt,
      boolean hasDeadline,
      long deadlineAt) {
    boolean isPending() {
      return !SETTLED.contains(state);
    }

    boolean isGone() {
      return state.equals("gone");
    }

    /** How long it has kept, or did keep, this command busy. */
    long elapsedNanos(long now) {
      return (isPending() ? now : stateAt) - firstAt;
    }
  }

  private final long startedAt;

  // Mutable state
  private final Map<String, Map<String, Row>> slots = new LinkedHashMap<>();

  Board(long now) {
    this.startedAt = now;
  }

  void take(Message progress, long now) throws ProtocolException {
    String worker = progress.text("worker");
    Map<String, Row> slot = slots.computeIfAbsent(slot(worker), s -> new LinkedHashMap<>());
    Row row = row(progress, slot.get(worker), now);
    slot.put(worker, row);
    if (row.isGone() && slot.size() > 1) {
      slot.remove(worker); // another one of the slot is alive, or has just been started
    } else {
      slot.values().removeIf(other -> other.isGone() && !other.worker().equals(worker));
    }
  }

  private static Row row(Message progress, @Nullable Row before, long now)
      throws ProtocolException {
    String worker = progress.text("worker");
    String state = progress.text("state");
    boolean sameState = before != null && before.state().equals(state);
    boolean hasDeadline = progress.has("deadline-nanos");
    return new Row(
        worker,
        slot(worker),
        state,
        progress.number("pid") == 0 ? "" : progress.text("pid"),
        progress.text("reason"),
        before == null ? now : before.firstAt(),
        before != null && sameState ? before.stateAt() : now,
        hasDeadline,
        hasDeadline ? now + progress.number("deadline-nanos") : 0);
  }

  private static String slot(String worker) {
    Matcher form = WORKER.matcher(worker);
    return form.matches() ? form.group(1) + form.group(2) : worker;
  }

  /** Slot by slot in the order in which they were first heard of, so that no line jumps. */
  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    slots.values().forEach(slot -> rows.addAll(slot.values()));
    return rows;
  }

  long elapsedNanos(long now) {
    return now - startedAt;
  }
}
