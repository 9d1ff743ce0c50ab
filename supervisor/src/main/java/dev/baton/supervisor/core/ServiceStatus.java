package dev.baton.supervisor.core;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;

/**
 * A service as {@code status} shows it: immutable, for any thread.
 *
 * @param generation the one that serves, or starts
 * @param phase what is being done with it
 * @param reason why it is in that phase; empty when it is plain
 * @param wanted how many workers it should have
 * @param listeners the names of all that are wanted
 */
public record ServiceStatus(
    String name,
    int generation,
    Phase phase,
    String reason,
    int wanted,
    ImmutableList<WorkerStatus> workers,
    ImmutableSet<String> listeners) {
  /** What is being done with the service. */
  public enum Phase {
    /** Others have to serve first. */
    WAITING,
    STARTING,
    SERVING,
    RESTARTING,
    /** A slot's workers died too often; it is not filled again before a reset. */
    FAILED,
    STOPPING,
    STOPPED
  }
}
