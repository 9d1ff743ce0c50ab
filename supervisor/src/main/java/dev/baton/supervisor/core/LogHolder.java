package dev.baton.supervisor.core;

import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A worker that writes into a log: into which of its files, and what it was told.
 *
 * <p>An order names the one file that is to be replaced, and whoever was slow carries it out later:
 * until it is confirmed, the worker may write into the old file or into the new one. A confirmation
 * only says that the worker has left the file of that order.
 */
final class LogHolder {
  /** A worker that answers nothing is not told more: its socket would fill up. */
  private static final int MOST_UNANSWERED = 3;

  /** The files it may write into. */
  private final TreeSet<Long> files = new TreeSet<>();

  /** Which file was to be replaced, by the number of the new one. */
  private final TreeMap<Long, Long> unanswered = new TreeMap<>();

  // Mutable state
  private long told;
  private long toldAt;
  private long givenUp;
  private @Nullable String trouble;

  /** It was given the file of that number, besides those it has. */
  void give(long number) {
    files.add(number);
  }

  /** The oldest file it may write into. */
  long held() {
    return files.first();
  }

  boolean mayWriteInto(long number) {
    return files.contains(number);
  }

  /** Why it may still write into an old file, until it does not; null when nothing is wrong. */
  @Nullable String trouble() {
    return trouble;
  }

  /** Whether it should be told of this file: one order at a time, and none again that failed. */
  boolean needs(long number) {
    return held() < number && givenUp < number && !isAwaited() && canBeTold();
  }

  private boolean canBeTold() {
    return unanswered.size() < MOST_UNANSWERED;
  }

  /** To write into the file of that number instead of {@link #held}. */
  void tell(long number, long now) {
    unanswered.put(number, held());
    files.add(number);
    told = number;
    toldAt = now;
  }

  /** Answers come in the order of what was told: those left out before will not come. */
  void moved(long number) {
    Long left = unanswered.get(number);
    if (left == null) {
      return;
    }
    unanswered.headMap(number, true).clear();
    files.remove(left);
    if (number == told) {
      givenUp = Math.min(givenUp, told - 1); // late, but there
    }
    if (held() == told) {
      trouble = null;
    }
  }

  void refuse(String reason) {
    if (unanswered.isEmpty()) {
      return;
    }
    boolean last = unanswered.pollFirstEntry().getKey() == told;
    if (last) {
      giveUp(reason);
    }
  }

  /** Nobody waits for its answer any more. */
  void giveUp(String reason) {
    givenUp = told;
    trouble = reason;
  }

  /** Whether its answer is still to come. */
  boolean isAwaited() {
    return givenUp < told && unanswered.containsKey(told);
  }

  /** When it has taken too long. */
  long deadline() {
    return toldAt + KeptLog.MOVE_TIME;
  }

  /** Whether it may still leave the file of that number soon, and those before. */
  boolean isLeaving(long number, boolean attached) {
    return held() <= number && givenUp <= number && (isAwaited() || (attached && canBeTold()));
  }
}
