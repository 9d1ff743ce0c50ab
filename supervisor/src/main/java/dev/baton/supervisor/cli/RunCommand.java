package dev.baton.supervisor.cli;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.AddressPattern;
import dev.baton.supervisor.config.BindPolicy;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.Durations;
import dev.baton.supervisor.config.Gate;
import dev.baton.supervisor.config.ListenerConfig;
import dev.baton.supervisor.config.Names;
import dev.baton.supervisor.config.OutputConfig;
import dev.baton.supervisor.config.Readiness;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.config.Timing;
import dev.baton.supervisor.process.Orphans;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Starts a supervisor in the foreground. */
@Command(
    name = "run",
    description = {
      "Run a JVM server under supervision, in the foreground. What it binds, the",
      "supervisor binds and holds; 'baton restart' then replaces it without losing a",
      "connection. Ctrl-C and SIGTERM are 'baton stop', SIGHUP is 'baton restart'.",
      ""
    },
    customSynopsis = {
      "baton run [OPTIONS] -- java -jar app.jar args...",
      "baton run -f baton.toml"
    },
    sortOptions = false,
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = {
        "Run the services of this configuration file (see 'baton check'); the options",
        "below, but for --output, belong to a COMMAND."
      })
  private @Nullable Path file;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "How other commands call it. Default: from the jar, class or script.")
  private @Nullable String name;

  @Option(
      names = "--listen",
      paramLabel = "ADDR",
      description = {
        "Open this listener before the first worker starts, and wait until each worker",
        "has bound it: 8080, 127.0.0.1:8080, [::1]:8080, udp:5353, unix:/run/app.sock."
      })
  private List<String> listen = new ArrayList<>();

  @Option(
      names = "--local",
      paramLabel = "ADDR",
      description = "Leave this address alone: each worker binds it by itself.")
  private List<String> local = new ArrayList<>();

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "1",
      description = "JVMs that serve at a time. Default: ${DEFAULT-VALUE}.")
  private int workers;

  @Option(
      names = "--probe",
      paramLabel = "PROBE",
      defaultValue = "tcp",
      description = {
        "What a new worker must pass before it gets clients: tcp, http:/health,",
        "http:8081/health or none. Default: ${DEFAULT-VALUE}."
      })
  private String probe = "tcp";

  @Option(
      names = "--backlog",
      paramLabel = "N",
      defaultValue = "" + ListenerConfig.DEFAULT_BACKLOG,
      description = "Length of each accept queue. Default: ${DEFAULT-VALUE}.")
  private int backlog;

  @Option(
      names = "--start-timeout",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "From launch until a worker is ready. Default: ${DEFAULT-VALUE}.")
  private String startTimeout = "60s";

  @Option(
      names = "--linger",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = {
        "How long a worker that was switched off may finish its connections before it",
        "is stopped. Default: ${DEFAULT-VALUE}."
      })
  private String linger = "30s";

  @Option(
      names = "--stop-timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "From SIGTERM to SIGKILL. Default: ${DEFAULT-VALUE}.")
  private String stopTimeout = "10s";

  @Option(
      names = "--output",
      paramLabel = "WHERE",
      description = {
        "file: workers write to logs, which are shown here if this is a terminal; see",
        "baton logs. inherit: to this terminal or pipe directly, where nothing can quote",
        "them. journal: to the system journal. Default: file, or what the file says."
      })
  private @Nullable String output;

  @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "What starts a worker.")
  private List<String> command = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    Foreground foreground = new Foreground(desired(), spec.commandLine().getErr(), System.getenv());
    if (ProcessHandle.current().pid() != 1) {
      return foreground.run();
    }
    Orphans orphans = Orphans.reap();
    try {
      return foreground.run();
    } finally {
      orphans.close();
    }
  }

  private Desired desired() throws ConfigException {
    if (file == null && command.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "name the COMMAND that starts a worker, or a file with -f FILE");
    }
    if (file == null) {
      return Desired.of(config(), null, output());
    }
    if (!command.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "either a COMMAND or -f FILE; the file names the commands");
    }
    return Desired.of(ConfigFile.read(file, System.getenv()), file.toAbsolutePath(), output());
  }

  private Config config() throws ConfigException {
    String service = name == null ? ServiceConfig.nameFor(command) : name;
    if (!Names.isName(service)) {
      throw new ConfigException(
          "'" + service + "' is no name; use up to 40 letters, digits, '-' and '_'");
    }
    atLeastOne("--workers", workers);
    atLeastOne("--backlog", backlog);
    ServiceConfig.Builder described =
        ServiceConfig.running(service, command)
            .workers(workers)
            .listeners(listeners())
            .bind(new BindPolicy(patterns(), ImmutableList.of(), BindPolicy.Others.HOLD))
            .readiness(Readiness.of(Gate.parse(probe)))
            .timing(timing());
    return Config.of(described.build(), backlog);
  }

  private Timing timing() throws ConfigException {
    return new Timing(
        Durations.parse(startTimeout),
        Durations.parse(linger),
        Durations.parse(stopTimeout),
        Timing.DEFAULT.stopSignal());
  }

  private OutputConfig.@Nullable To output() throws ConfigException {
    if (output == null) {
      return null;
    }
    try {
      return OutputConfig.To.valueOf(output.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new ConfigException("'" + output + "' is no --output; write file, inherit or journal");
    }
  }

  private static void atLeastOne(String option, int value) throws ConfigException {
    if (value < 1) {
      throw new ConfigException(option + " must be 1 or more, not " + value);
    }
  }

  private ImmutableList<ListenerConfig> listeners() throws ConfigException {
    ImmutableList.Builder<ListenerConfig> listeners = ImmutableList.builder();
    for (String text : listen) {
      listeners.add(ListenerConfig.of(Address.parse(text), backlog));
    }
    return listeners.build();
  }

  private ImmutableList<AddressPattern> patterns() throws ConfigException {
    ImmutableList.Builder<AddressPattern> patterns = ImmutableList.builder();
    for (String text : local) {
      patterns.add(AddressPattern.parse(text));
    }
    return patterns.build();
  }
}
