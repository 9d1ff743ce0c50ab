package dev.baton.supervisor.cli;

import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.control.ExitCode;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a unit file of systemd. */
@Command(
    name = "unit",
    description = {
      "Print a unit file of systemd that runs a configuration file, hardened, with the",
      "reasons as comments. Times and ports are those of the file.",
      "  baton unit shop > /etc/systemd/system/shop.service",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class UnitCommand implements Callable<Integer> {
  private static final int FIRST_FREE_PORT = 1024;
  private static final long MARGIN_SECONDS = 20;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "What the unit is called. Default: the name in the file.")
  private @Nullable String name;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "What is run. Default: /etc/baton/NAME/baton.toml, without NAME baton.toml.")
  private @Nullable Path file;

  @Option(
      names = "--user",
      paramLabel = "USER",
      description = "Whom the supervisor runs as. Default: root, who may start workers as others.")
  private String user = "";

  @Override
  public Integer call() throws Exception {
    checkName("NAME", name);
    checkName("--user", user.isEmpty() ? null : user);
    Path run = file().toAbsolutePath().normalize();
    Config config = config(run);
    String called = name == null ? config.name() : name;
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        new UnitFile(
                config.name(),
                called,
                run,
                user,
                stopSeconds(config),
                hasLowPorts(config),
                Installation.launcher(),
                Path.of(System.getProperty("java.home")))
            .text());
    out.flush();
    return ExitCode.OK;
  }

  private static void checkName(String what, @Nullable String name) throws ConfigException {
    if (name != null && !name.matches("[A-Za-z0-9_][A-Za-z0-9_.@-]{0,39}")) {
      throw new ConfigException(
          what + " '" + name + "' is no name; use up to 40 letters, digits, '-', '_', '.' and '@'");
    }
  }

  private Path file() {
    if (file != null) {
      return file;
    }
    return name == null ? Path.of(ConfigFile.DEFAULT) : Path.of("/etc/baton", name, "baton.toml");
  }

  /** The file may be on another host. */
  private Config config(Path run) throws ConfigException {
    if (name == null || Files.exists(run)) {
      return ConfigFile.read(run, System.getenv());
    }
    spec.commandLine()
        .getErr()
        .println("baton: warning: there is no " + run + " yet; times and ports are the defaults");
    ServiceConfig any = ServiceConfig.running(name, List.of("java")).build();
    return Config.of(any, 1);
  }

  private static boolean hasLowPorts(Config config) {
    return config.services().values().stream()
        .flatMap(service -> service.listeners().stream())
        .anyMatch(one -> !one.address().isUnix() && one.address().port() < FIRST_FREE_PORT);
  }

  /** Services stop one after the other along "after", those of no relation together. */
  private static long stopSeconds(Config config) {
    Map<String, Long> known = new HashMap<>();
    long longest = 0;
    for (ServiceConfig service : config.services().values()) {
      longest = Math.max(longest, stopSeconds(service, config, known));
    }
    return longest + MARGIN_SECONDS;
  }

  /** With all that it comes after, which is stopped when it has ended. */
  private static long stopSeconds(ServiceConfig service, Config config, Map<String, Long> known) {
    Long before = known.get(service.name());
    if (before != null) {
      return before;
    }
    long longest = 0;
    for (String after : service.after()) {
      ServiceConfig other = config.services().get(after);
      longest = Math.max(longest, other == null ? 0 : stopSeconds(other, config, known));
    }
    long own = service.timing().linger().plus(service.timing().stop()).toSeconds() + 1;
    known.put(service.name(), own + longest);
    return own + longest;
  }
}
