package dev.baton.supervisor.config;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One supervised application.
 *
 * @param name how commands call it
 * @param workers how many serve at a time
 * @param standby how many more wait beside them, ready but on their private faces: 0 or 1
 * @param after services that must serve before this one is started
 * @param launch what starts a worker
 * @param listeners opened before the first worker starts; every worker has to bind them
 * @param bind what workers may bind besides
 * @param gentleStart whether a worker that boots beside one that serves has a lower weight until it
 *     is ready
 * @param logs files that workers ask for by name
 */
public record ServiceConfig(
    String name,
    int workers,
    int standby,
    ImmutableSet<String> after,
    Launch launch,
    ImmutableList<ListenerConfig> listeners,
    BindPolicy bind,
    Readiness readiness,
    Timing timing,
    RestartPolicy restart,
    FailurePolicy failure,
    StorePolicy store,
    ArchivePolicy archive,
    boolean gentleStart,
    OutputConfig output,
    ImmutableList<LogConfig> logs) {

  /** A service that runs this command, everything else by default. */
  public static Builder running(String name, List<String> command) {
    return new Builder(name, Launch.of(ImmutableList.copyOf(command)));
  }

  public Builder toBuilder() {
    Builder builder = new Builder(name, launch);
    builder.workers = workers;
    builder.standby = standby;
    builder.after = after;
    builder.listeners = listeners;
    builder.bind = bind;
    builder.readiness = readiness;
    builder.timing = timing;
    builder.restart = restart;
    builder.failure = failure;
    builder.store = store;
    builder.archive = archive;
    builder.gentleStart = gentleStart;
    builder.output = output;
    builder.logs = logs;
    return builder;
  }

  /** The log of its stdout, and of its stderr unless that has its own; null if it is no file. */
  public @Nullable LogConfig outputLog() {
    if (output.to() != OutputConfig.To.FILE) {
      return null;
    }
    String standard = "logs/" + (tellsWorkersApart() ? LogConfig.WORKER : name) + ".log";
    String path = output.path().isEmpty() ? standard : output.path();
    return new LogConfig(LogConfig.OUTPUT, path, output.rotation());
  }

  /** The log of its stderr; null if that goes where its stdout goes. */
  public @Nullable LogConfig errorLog() {
    boolean own = output.to() == OutputConfig.To.FILE && !output.errorPath().isEmpty();
    return own ? new LogConfig(LogConfig.ERROR, output.errorPath(), output.rotation()) : null;
  }

  /** Every file its workers write into. */
  public ImmutableList<LogConfig> allLogs() {
    ImmutableList.Builder<LogConfig> all = ImmutableList.builder();
    LogConfig out = outputLog();
    LogConfig err = errorLog();
    if (out != null) {
      all.add(out);
    }
    if (err != null) {
      all.add(err);
    }
    return all.addAll(logs).build();
  }

  /** Whether we have to know which worker wrote a line. */
  public boolean tellsWorkersApart() {
    return !restart.compare().log().isEmpty()
        || readiness.gates().stream().anyMatch(Gate.Log.class::isInstance);
  }

  /**
   * Whether a worker of this configuration is no different from one of the other: what differs is
   * only how we treat it.
   */
  public boolean launchesLike(ServiceConfig other) {
    return launch.equals(other.launch)
        && bind.equals(other.bind)
        && listeners.equals(other.listeners)
        && hasOutputLike(other)
        && hasLogsLike(other);
  }

  /**
   * Whether its stdout and stderr can be what they are there without a launch. Workers that share a
   * log are moved to its new path; one that has its own is launched for another.
   */
  public boolean hasOutputLike(ServiceConfig other) {
    return output.to() == other.output.to()
        && isLike(outputLog(), other.outputLog())
        && isLike(errorLog(), other.errorLog());
  }

  /** The same of its named logs. */
  public boolean hasLogsLike(ServiceConfig other) {
    boolean same = logs.size() == other.logs.size();
    for (int i = 0; same && i < logs.size(); i++) {
      same = isLike(logs.get(i), other.logs.get(i));
    }
    return same;
  }

  private static boolean isLike(@Nullable LogConfig one, @Nullable LogConfig other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    boolean bothShared = !one.isPerWorker() && !other.isPerWorker();
    return one.name().equals(other.name()) && (bothShared || one.path().equals(other.path()));
  }

  /** Everything but the name and the launch has a default. */
  public static final class Builder {
    private final String name;
    private Launch launch;
    private int workers = 1;
    private int standby;
    private ImmutableSet<String> after = ImmutableSet.of();
    private ImmutableList<ListenerConfig> listeners = ImmutableList.of();
    private BindPolicy bind = BindPolicy.HOLD_ALL;
    private Readiness readiness = Readiness.DEFAULT;
    private Timing timing = Timing.DEFAULT;
    private RestartPolicy restart = RestartPolicy.DEFAULT;
    private FailurePolicy failure = FailurePolicy.DEFAULT;
    private StorePolicy store = StorePolicy.DEFAULT;
    private ArchivePolicy archive = ArchivePolicy.DEFAULT;
    private boolean gentleStart;
    private OutputConfig output = OutputConfig.DEFAULT;
    private ImmutableList<LogConfig> logs = ImmutableList.of();

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

    public Builder standby(int value) {
      standby = value;
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

    public Builder store(StorePolicy value) {
      store = value;
      return this;
    }

    public Builder archive(ArchivePolicy value) {
      archive = value;
      return this;
    }

    public Builder gentleStart(boolean value) {
      gentleStart = value;
      return this;
    }

    public Builder output(OutputConfig value) {
      output = value;
      return this;
    }

    public Builder logs(ImmutableList<LogConfig> value) {
      logs = value;
      return this;
    }

    public ServiceConfig build() {
      return new ServiceConfig(
          name,
          workers,
          standby,
          after,
          launch,
          listeners,
          bind,
          readiness,
          timing,
          restart,
          failure,
          store,
          archive,
          gentleStart,
          output,
          logs);
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
