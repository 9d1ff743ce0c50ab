package dev.baton.supervisor.core;

import com.google.common.collect.ImmutableSet;
import dev.baton.supervisor.config.ServiceConfig;

/**
 * One launch of a service: what all its workers have in common.
 *
 * @param number rises with every restart of the service, from 1
 * @param config what it was launched with, whatever is wanted meanwhile
 * @param listeners the names of those it is configured with
 */
public record Generation(int number, ServiceConfig config, ImmutableSet<String> listeners) {
  public Generation(int number, ServiceConfig config) {
    this(number, config, listeners(config));
  }

  /** The names of all listeners of a configuration. */
  static ImmutableSet<String> listeners(ServiceConfig config) {
    return config.listeners().stream()
        .map(listener -> listener.address().toString())
        .collect(ImmutableSet.toImmutableSet());
  }

  @Override
  public String toString() {
    return "generation " + number;
  }
}
