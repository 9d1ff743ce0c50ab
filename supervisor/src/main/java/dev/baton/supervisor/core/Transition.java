package dev.baton.supervisor.core;

/**
 * One change of one worker, in words.
 *
 * @param pid 0 before it is known
 * @param sinceNanos since the operation on its service began, or since the worker was launched
 *     outside of one
 * @param deadlineNanos how long it may stay in this state; 0 for as long as it likes
 */
public record Transition(
    WorkerId worker,
    WorkerState state,
    long pid,
    String reason,
    long sinceNanos,
    long deadlineNanos) {}
