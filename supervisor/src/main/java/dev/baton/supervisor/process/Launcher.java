package dev.baton.supervisor.process;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.Launch;
import dev.baton.supervisor.resource.Crashes;
import dev.baton.supervisor.resource.ResourceException;
import java.io.File;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Starts worker processes, of any service. */
public final class Launcher {
  private static final Logger LOG = System.getLogger(Launcher.class.getName());

  /** Tells a worker, and all it starts, where to attach. */
  public static final String ATTACH = "BATON_ATTACH";

  /** Tells a worker, and all it starts, what to prove itself with. */
  public static final String TOKEN = "BATON_TOKEN";

  private static final Pattern FIXED_DEBUGGER_PORT =
      Pattern.compile("jdwp[=:](?=\\S*server=y)\\S*address=(?:[^,\\s]*:)?([1-9]\\d*)");

  private final Path agent;
  private final Path attach;
  private final @Nullable Path state;

  private @Nullable BootPath bootPath; // guarded by this

  /** Starts nothing yet, and keeps nothing of those that crash. */
  public Launcher(Path agent, Path attach) {
    this(agent, attach, null);
  }

  /**
   * Starts nothing yet.
   *
   * @param agent the jar for {@code -javaagent}
   * @param attach the socket workers attach to
   * @param state has the place for what those that crash leave; null if there is none
   */
  public Launcher(Path agent, Path attach, @Nullable Path state) {
    this.agent = agent;
    this.attach = attach;
    this.state = state;
  }

  /** The jar for {@code -javaagent}. */
  public Path agent() {
    return agent;
  }

  /** What the agent needs, for JVMs whose own class loader may have it. */
  synchronized BootPath bootPath() throws IOException {
    if (bootPath == null) {
      bootPath = BootPath.of(agent);
    }
    return bootPath;
  }

  /**
   * Checks what can be checked before the first start, and names everything that is wrong, a line
   * each.
   *
   * @param environment the supervisor's own
   */
  public static void check(Launch launch, Map<String, String> environment) throws ConfigException {
    ImmutableList<String> problems = LaunchCheck.problems(launch, environment);
    if (!problems.isEmpty()) {
      throw new ConfigException(String.join("\n", problems));
    }
  }

  /**
   * Checks that the user of the launch can load the agent and reach the attach socket, which has to
   * listen already. Starts a process and waits for it.
   */
  public void checkReach(Launch launch) throws ConfigException, IOException {
    User user = User.toBecome(launch.user());
    if (user != null) {
      LaunchCheck.reach(user, agent, attach);
    }
  }

  /**
   * What will go wrong at the first restart although the first start works; empty if nothing is
   * known to. A debugger port is bound by native code, which no hook sees.
   */
  public static String warning(Launch launch, Map<String, String> environment) {
    List<String> places = new ArrayList<>(launch.command());
    places.addAll(launch.jvmOptions());
    environment.forEach((name, value) -> places.add(name.contains("JAVA") ? value : ""));
    launch.environment().forEach((name, value) -> places.add(name.contains("JAVA") ? value : ""));
    for (String place : places) {
      Matcher port = FIXED_DEBUGGER_PORT.matcher(place);
      if (port.find()) {
        return "debugger port "
            + port.group(1)
            + " is fixed: two generations that overlap cannot"
            + " both have it, so restarts will fail; use address=0";
      }
    }
    return "";
  }

  /** Starts a process whose first JVM that binds becomes the worker. */
  public Process start(Start start) throws IOException {
    try {
      Launch launch = start.launch();
      User user = User.toBecome(launch.user());
      Map<String, String> environment = WorkerEnvironment.of(launch, System.getenv(), user);
      ImmutableList<String> command = command(start, environment, user);
      introduce(start, environment, user);
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().clear();
      builder.environment().putAll(environment);
      if (!launch.directory().isEmpty()) {
        builder.directory(new File(launch.directory()));
      }
      builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
      start.streams().apply(builder);
      Process process = builder.start();
      start.weight().lowerSession(process.pid(), user != null);
      return process;
    } catch (ConfigException | IllegalArgumentException e) {
      // It was right when it was checked: a file has changed since.
      throw new ResourceException("EINVAL", String.valueOf(e.getMessage()), e);
    }
  }

  private void introduce(Start start, Map<String, String> environment, @Nullable User user)
      throws IOException {
    environment.put(ATTACH, attach.toString());
    environment.put(TOKEN, start.token());
    environment.put("BATON_HELD_PATHS", Joiner.on('\n').join(start.heldPaths()));
    if (start.orphanMillis() > 0) {
      environment.put("BATON_ORPHAN_MILLIS", Long.toString(start.orphanMillis()));
      environment.put("BATON_LINGER_MILLIS", Long.toString(start.lingerMillis()));
    }
    environment.put("BATON_SERVICE", start.service());
    environment.put("BATON_GENERATION", Integer.toString(start.generation()));
    environment.put("BATON_STOP_MILLIS", Long.toString(start.stopMillis()));
    environment.put("BATON_SLOT", Integer.toString(start.slot()));
    environment.put("BATON_REASON", start.reason());
    environment.put("BATON_LISTENERS", Joiner.on('\n').join(start.listeners()));
    List<String> options = CrashOptions.addTo(start.launch(), environment, crashes(start, user));
    SeenJvm jvm = SeenJvm.of(start.launch(), environment);
    if (jvm != null && jvm.isPlain()) {
      options.addAll(bootPath().option());
    }
    options.addAll(start.archiveOptions());
    WorkerEnvironment.addJvmOptions(environment, agent, options);
  }

  /** Where a JVM may write at its end; a disk that is full keeps nobody from being started. */
  private @Nullable Path crashes(Start start, @Nullable User user) {
    try {
      long uid = user == null ? -1 : user.uid();
      return state == null ? null : Crashes.make(state, start.service(), uid);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "no place for what a crash of " + start.service() + " leaves", e);
      return null;
    }
  }

  private static ImmutableList<String> command(
      Start start, Map<String, String> environment, @Nullable User user) throws ConfigException {
    Launch launch = start.launch();
    ImmutableList.Builder<String> words = ImmutableList.builder();
    if (Programs.isThere("setsid")) {
      // So that Ctrl-C in the supervisor's terminal does not reach workers before they are drained.
      words.add("setsid");
    }
    words.addAll(start.weight().prefix(user != null));
    if (user != null) {
      words.addAll(user.prefix());
    }
    // The JDK would look for it in our PATH, and setsid in the worker's: say which it is.
    return words
        .add(LaunchCheck.program(launch, environment))
        .addAll(launch.command().subList(1, launch.command().size()))
        .build();
  }
}
