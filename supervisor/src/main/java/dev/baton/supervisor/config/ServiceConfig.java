package dev.baton.supervisor.config;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.List;

/**
 * One supervised application.
 *
 * @param name how commands call it
 * @param workers how many serve at a time
 * @param after services that must serve before this one is started
 * @param launch what starts a worker
 * @param listeners opened before the first worker starts; every worker has to bind them
 * @param bind what workers may bind besides
 */
public record ServiceConfig(
    String name,
    int workers,
    ImmutableSet<String> after,
    Launch launch,
    ImmutableList<ListenerConfig> listeners,
    BindPolicy bind,
    Readiness readiness,
    Timing timing,
    RestartPolicy restart,
    FailurePolicy failure) {

  /** A service that runs this command, everything else by default. */
  public static Builder running(String name, List<String> command) {
    return new Builder(name, Launch.of(ImmutableList.copyOf(command)));
  }

  public Builder toBuilder() {
    Builder builder = new Builder(name, launch);
    builder.workers = workers;
    builder.after = after;
    builder.listeners = listeners;
    builder.bind = bind;
    builder.readiness = readiness;
    builder.timing = timing;
    builder.restart = restart;
    builder.failure = failure;
    return builder;
  }

  /**
   * Whether a worker of this configuration is no different from one of the other: what differs is
   * only how we treat it.
   */
  public boolean launchesLike(ServiceConfig other) {
    return launch.equals(other.launch)
        && bind.equals(other.bind)
        && listeners.equals(other.listeners);
  }

  /** Everything but the name and the launch has a default. */
  public static final class Builder {
    private final String name;
    private Launch launch;
    private int workers = 1;
    private ImmutableSet<String> after = ImmutableSet.of();
    private ImmutableList<ListenerConfig> listeners = ImmutableList.of();
    private BindPolicy bind = BindPolicy.HOLD_ALL;
    private Readiness readiness = Readiness.DEFAULT;
    private Timing timing = Timing.DEFAULT;
    private RestartPolicy restart = RestartPolicy.DEFAULT;
    private FailurePolicy failure = FailurePolicy.DEFAULT;

    private Builder(String name, Launch launch) {
      this.name = name;
      this.launch = launch;
    }

    public Builder launch(Launch value) {
      launch = value;
      return this;
    }

    public Builder workers(int value) {
      workers = value;
      return this;
    }

    public Builder after(ImmutableSet<String> value) {
      after = value;
      return this;
    }

    public Builder listeners(ImmutableList<ListenerConfig> value) {
      listeners = value;
      return this;
    }

    public Builder bind(BindPolicy value) {
      bind = value;
      return this;
    }

    public Builder readiness(Readiness value) {
      readiness = value;
      return this;
    }

    public Builder timing(Timing value) {
      timing = value;
      return this;
    }

    public Builder restart(RestartPolicy value) {
      restart = value;
      return this;
    }

    public Builder failure(FailurePolicy value) {
      failure = value;
      return this;
    }

    public ServiceConfig build() {
      return new ServiceConfig(
          name, workers, after, launch, listeners, bind, readiness, timing, restart, failure);
    }
  }

  /**
   * A name for a service that was given none: that of the jar, main class or script it runs, in the
   * letters a file name may have.
   */
  public static String nameFor(List<String> command) {
    String subject = command.get(0);
    for (int i = 0; i + 1 < command.size(); i++) {
      if (command.get(i).equals("-jar")) {
        subject = command.get(i + 1);
        break;
      }
    }
    String file = subject.substring(subject.lastIndexOf('/') + 1);
    String stem =
        file.replaceFirst("\\.(jar|sh|war)$", "").replaceFirst("-[0-9][0-9A-Za-z.-]*$", "");
    String name = stem.replaceAll("[^A-Za-z0-9_-]", "-");
    return name.isEmpty() || name.equals("java") ? "app" : name;
  }
}
