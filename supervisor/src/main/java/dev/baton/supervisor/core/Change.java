package dev.baton.supervisor.core;

import org.jspecify.annotations.Nullable;

/** What a service is on its way through: at most one at a time. */
interface Change {
  /** Does what is due. */
  void advance(long now, Actions actions);

  boolean isOver();

  /** Whether the slot is being worked on here, and so none of anybody else's business. */
  default boolean owns(Slot slot) {
    return false;
  }

  /** When to look again without a fact. */
  default long nextDeadline(long otherwise) {
    return otherwise;
  }

  /** How it ended; asked once it is over. */
  Result result();

  /**
   * How a change ended.
   *
   * @param failed whose failure ended it, null if nobody's
   * @param reason one sentence
   * @param waitedNanos how long nobody accepted
   */
  record Result(boolean success, @Nullable WorkerId failed, String reason, long waitedNanos) {}
}
