package dev.baton.supervisor.core;

import org.jspecify.annotations.Nullable;

/**
 * How a restart ended.
 *
 * @param failed the worker whose failure ended it, null if it succeeded
 * @param reason one sentence
 * @param nanos how long it took
 */
public record Outcome(
    boolean success, int generation, @Nullable WorkerId failed, String reason, long nanos) {}
