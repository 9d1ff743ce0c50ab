package dev.baton.supervisor.core;

import java.util.List;
import java.util.Set;

/**
 * The service as {@code status} shows it: immutable, for any thread.
 *
 * @param generation the one that serves, or starts
 * @param phase what the supervisor is doing
 * @param listeners the names of all that are wanted
 */
public record ServiceStatus(
    String name, int generation, Phase phase, List<WorkerStatus> workers, Set<String> listeners) {
  /** What the supervisor is doing. */
  public enum Phase {
    STARTING,
    SERVING,
    RESTARTING,
    STOPPING
  }
}
