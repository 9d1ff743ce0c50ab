package dev.baton.supervisor.core;

import java.util.List;

/**
 * Tries the gates of those who serve, one worker at a time: at its private faces while others
 * accept, at the shared sockets when there is no other.
 */
final class Checkups {
  // Mutable state
  private long nextAt;
  private int turn;

  Checkups(long now) {
    this.nextAt = now;
  }

  /** Nobody is checked for that long. */
  void postpone(long interval, long now) {
    nextAt = now + interval;
  }

  /**
   * Begins the next check when it is due.
   *
   * @param interval from one check of a worker to its next
   */
  void advance(List<Worker> serving, long interval, long now, Actions actions) {
    if (now - nextAt < 0
        || serving.isEmpty()
        || serving.stream().anyMatch(Worker::isBeingChecked)) {
      return;
    }
    Worker next = serving.get(Math.floorMod(turn++, serving.size()));
    boolean othersAccept = serving.stream().anyMatch(w -> w != next && w.isAccepting());
    nextAt = now + interval / serving.size();
    next.check(othersAccept, now, actions);
    actions.changed();
  }

  /** Who stepped aside for its check steps back at once when nobody else accepts any more. */
  static void bringBack(List<Worker> serving, long now, Actions actions) {
    if (serving.stream().noneMatch(Worker::isAccepting)) {
      serving.forEach(worker -> worker.endCheckAside(now, actions));
    }
  }

  long nextDeadline() {
    return nextAt;
  }
}
