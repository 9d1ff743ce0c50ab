package dev.baton.supervisor.core;

import org.jspecify.annotations.Nullable;

/**
 * A log of a service.
 *
 * @param service whose it is; empty for the supervisor's own
 * @param worker whose alone it is; null when all workers of the service share it
 */
public record LogId(String service, String name, @Nullable WorkerId worker) {
  @Override
  public String toString() {
    return (worker == null ? service : worker) + " " + name;
  }
}
