package dev.baton.supervisor.core;

/**
 * One change of one worker, in words.
 *
 * @param pid 0 before it is known
 * @param sinceNanos since the restart began, or since the worker was launched outside of one
 */
public record Transition(
    WorkerId worker, WorkerState state, long pid, String reason, long sinceNanos) {}
