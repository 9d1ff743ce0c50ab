package dev.baton.supervisor.core;

import org.jspecify.annotations.Nullable;

/**
 * How an operation on one service ended.
 *
 * @param operation as it was given when it began
 * @param generation the one that serves from now on
 * @param target the one that was to serve
 * @param failed the worker whose failure ended it, null if none did
 * @param reason one sentence
 * @param nanos how long it took
 * @param waitedNanos how long new connections waited in the backlog with nobody to accept them; 0
 *     when somebody always did
 * @param last whether the operation has no further service to turn to
 */
public record Outcome(
    long operation,
    String service,
    boolean success,
    int generation,
    int target,
    @Nullable WorkerId failed,
    String reason,
    long nanos,
    long waitedNanos,
    boolean last) {
  Outcome asLast(boolean isLast) {
    return new Outcome(
        operation,
        service,
        success,
        generation,
        target,
        failed,
        reason,
        nanos,
        waitedNanos,
        isLast);
  }
}
