package dev.baton.supervisor.process;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.ConfigException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Starts worker processes. */
public final class Launcher {
  private static final String KEPT = "BATON_KEPT_";
  private static final Pattern FIXED_DEBUGGER_PORT =
      Pattern.compile("jdwp[=:](?=\\S*server=y)\\S*address=(?:[^,\\s]*:)?([1-9]\\d*)");

  private final ImmutableList<String> command;
  private final Path agent;
  private final Path attach;

  /**
   * Checks what can be checked before the first start.
   *
   * @param agent the jar for {@code -javaagent}
   * @param attach the socket workers attach to
   */
  public Launcher(ImmutableList<String> command, Path agent, Path attach) throws ConfigException {
    checkProgram(command.get(0));
    checkJar(command);
    this.command = command;
    this.agent = agent;
    this.attach = attach;
  }

  private static void checkProgram(String program) throws ConfigException {
    if (program.indexOf('/') >= 0) {
      if (!Files.isExecutable(Path.of(program))) {
        throw new ConfigException(
            "cannot run " + program + ": no such file, or it is not executable");
      }
    } else if (findInPath(program) == null) {
      throw new ConfigException(
          "cannot run '"
              + program
              + "': no directory in PATH has it; give its full path, or install"
              + " it");
    }
  }

  private static void checkJar(List<String> command) throws ConfigException {
    int option = command.indexOf("-jar");
    boolean isJava = Path.of(command.get(0)).endsWith("java");
    if (isJava && option >= 0 && option + 1 < command.size()) {
      Path jar = Path.of(command.get(option + 1));
      if (!Files.isReadable(jar) || Files.isDirectory(jar)) {
        throw new ConfigException(
            "cannot read the jar "
                + jar
                + ": no such file, or no permission; check the path after"
                + " -jar");
      }
    }
  }

  private static @Nullable Path findInPath(String program) {
    String path = System.getenv("PATH");
    for (String directory : (path == null ? "" : path).split(File.pathSeparator, -1)) {
      Path file = Path.of(directory.isEmpty() ? "." : directory, program);
      if (Files.isExecutable(file) && !Files.isDirectory(file)) {
        return file;
      }
    }
    return null;
  }

  /**
   * What will go wrong at the first restart although the first start works; empty if nothing is
   * known to. A debugger port is bound by native code, which no hook sees.
   */
  public static String warning(List<String> command, Map<String, String> environment) {
    List<String> places = new ArrayList<>(command);
    environment.forEach((name, value) -> places.add(name.contains("JAVA") ? value : ""));
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

  /**
   * Starts a process whose first JVM that binds becomes the worker.
   *
   * @param token what it attaches with
   * @param heldPaths unix sockets it must not remove
   * @param output where its stdout and stderr go; null for the supervisor's own
   */
  public Process start(String token, List<String> heldPaths, @Nullable Path output)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(inOwnSession());
    Map<String, String> environment = builder.environment();
    restore(environment);
    environment.put("BATON_ATTACH", attach.toString());
    environment.put("BATON_TOKEN", token);
    environment.put("BATON_HELD_PATHS", Joiner.on('\n').join(heldPaths));
    environment.merge("JAVA_TOOL_OPTIONS", "-javaagent:" + quoted(agent), (a, b) -> a + " " + b);
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.redirectErrorStream(output != null);
    if (output == null) {
      builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    } else {
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    }
    return builder.start();
  }

  /** Our launcher has set aside what was meant for the JVMs we start. */
  private static void restore(Map<String, String> environment) {
    for (String name : List.copyOf(environment.keySet())) {
      if (name.startsWith(KEPT)) {
        environment.put(name.substring(KEPT.length()), environment.remove(name));
      }
    }
  }

  /** So that Ctrl-C in the supervisor's terminal does not reach workers before they are drained. */
  private ImmutableList<String> inOwnSession() {
    return findInPath("setsid") == null
        ? command
        : ImmutableList.<String>builder().add("setsid").addAll(command).build();
  }

  private static String quoted(Path path) {
    // JAVA_TOOL_OPTIONS is split at white space, unless quoted.
    return path.toString().indexOf(' ') < 0 ? path.toString() : "\"" + path + "\"";
  }
}
