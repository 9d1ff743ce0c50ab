package dev.baton.supervisor.core;

/**
 * How the JVM of a worker does, by its own word. Shown, and decided by in nothing.
 *
 * @param at when it was told, on the clock of the loop
 * @param java its version
 * @param heap bytes in use
 * @param heapMax bytes it may use; 0 if it does not know
 * @param gcPermille the share of time for which it stood still to collect, since it last told; -1
 *     if it does not know, like what follows
 * @param classes those that are loaded
 * @param upNanos since it was started
 */
public record Figures(
    long at,
    String java,
    long heap,
    long heapMax,
    int gcPermille,
    int threads,
    int classes,
    long upNanos) {}
