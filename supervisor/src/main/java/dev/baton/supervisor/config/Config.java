package dev.baton.supervisor.config;

import com.google.common.collect.ImmutableMap;

/**
 * All that one supervisor was asked for.
 *
 * @param name how commands find the supervisor
 * @param services by their names, in the order in which they were written
 * @param backlog of listeners that nobody configured
 * @param log the supervisor's own
 */
public record Config(
    String name, ImmutableMap<String, ServiceConfig> services, int backlog, SupervisorLog log) {
  /** A supervisor of one service, as the command line describes it. */
  public static Config of(ServiceConfig service, int backlog) {
    return new Config(
        service.name(), ImmutableMap.of(service.name(), service), backlog, SupervisorLog.DEFAULT);
  }

  /** The same, but all output goes there. */
  public Config writingTo(OutputConfig.To to) {
    ImmutableMap.Builder<String, ServiceConfig> others = ImmutableMap.builder();
    services.forEach(
        (name, one) -> {
          OutputConfig output = new OutputConfig(to, "", "", one.output().rotation());
          boolean same = one.output().to() == to;
          others.put(name, same ? one : one.toBuilder().output(output).build());
        });
    return new Config(name, others.buildOrThrow(), backlog, log);
  }
}
