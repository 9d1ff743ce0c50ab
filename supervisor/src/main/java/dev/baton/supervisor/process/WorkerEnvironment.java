package dev.baton.supervisor.process;

import dev.baton.channel.NativeLibrary;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.Launch;
import java.io.File;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The environment variables of a worker, as far as its launch decides them. */
final class WorkerEnvironment {
  private static final String KEPT = "BATON_KEPT_";

  /** Keep the supervisor small, and would make a worker with many threads slow. */
  private static final List<String> OURS =
      List.of("MALLOC_ARENA_MAX", "MALLOC_TRIM_THRESHOLD_", "BATON_TAKEOVER");

  /** What the service manager says to us alone: a worker must not speak for the service. */
  private static final List<String> OF_THE_MANAGER =
      List.of(
          "NOTIFY_SOCKET",
          "WATCHDOG_USEC",
          "WATCHDOG_PID",
          "LISTEN_FDS",
          "LISTEN_FDNAMES",
          "LISTEN_PID",
          "LISTEN_PIDFDID",
          "FDSTORE");

  private static final String OPTIONS = "JAVA_TOOL_OPTIONS";
  private static final List<String> OPTIONS_OF_JVMS =
      List.of(OPTIONS, "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private WorkerEnvironment() {}

  /**
   * From what is inherited to what is most particular; later values replace earlier ones.
   *
   * @param user whom the worker runs as; null for the supervisor's own
   */
  static Map<String, String> of(Launch launch, Map<String, String> inherited, @Nullable User user)
      throws ConfigException {
    Map<String, String> environment = new HashMap<>(inherited);
    restore(environment);
    if (user != null) {
      environment.put("USER", user.name());
      environment.put("LOGNAME", user.name());
      environment.put("HOME", user.home());
    }
    if (!launch.environmentFile().isEmpty()) {
      environment.putAll(EnvironmentFile.read(Path.of(launch.environmentFile())));
    }
    environment.putAll(launch.environment());
    if (!launch.javaHome().isEmpty()) {
      Path home = Path.of(launch.javaHome()).toAbsolutePath();
      environment.put("JAVA_HOME", home.toString());
      environment.merge("PATH", home.resolve("bin").toString(), WorkerEnvironment::inFront);
    }
    return environment;
  }

  /**
   * Our launcher has set aside what was meant for the JVMs we start, and set what is for us; so has
   * the service manager.
   */
  private static void restore(Map<String, String> environment) {
    OURS.forEach(environment::remove);
    removeManager(environment);
    for (String name : List.copyOf(environment.keySet())) {
      if (name.startsWith(KEPT)) {
        environment.put(name.substring(KEPT.length()), environment.remove(name));
      }
    }
  }

  /** For a JVM that helps us: what the operator set for JVMs is for the workers. */
  static void ofHelper(Map<String, String> environment) {
    OPTIONS_OF_JVMS.forEach(environment::remove);
    removeManager(environment);
  }

  /** For whatever we start, be it a worker or not. */
  static void removeManager(Map<String, String> environment) {
    OF_THE_MANAGER.forEach(environment::remove);
  }

  private static String inFront(String others, String first) {
    return others.isEmpty() ? first : first + File.pathSeparator + others;
  }

  /** Has the JVM load our agent, and gives it the options of the launch. */
  static void addJvmOptions(Map<String, String> environment, Path agent, List<String> options) {
    StringBuilder all = new StringBuilder(environment.getOrDefault(OPTIONS, ""));
    all.append(all.length() == 0 ? "" : " ")
        .append(quoted("-javaagent:" + agent + "=" + NativeLibrary.folderOf(agent)));
    options.forEach(option -> all.append(' ').append(quoted(option)));
    environment.put(OPTIONS, all.toString());
  }

  /** The JVM splits the variable at white space, knows both quotes anywhere, and no escapes. */
  static String quoted(String option) {
    if (option.chars().noneMatch(c -> Character.isWhitespace(c) || c == '"' || c == '\'')) {
      return option;
    }
    return '"' + option.replace("\"", "\"'\"'\"") + '"';
  }
}
