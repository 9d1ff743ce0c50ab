package dev.baton.supervisor.process;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.JavaCommand;
import dev.baton.supervisor.config.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds out before a start what would make it fail. */
final class LaunchCheck {
  private static final int CANNOT_READ = 3;
  private static final int CANNOT_CONNECT = 4;

  /** Options of the {@code java} program: the JVM does not take them from its environment. */
  private static final ImmutableSet<String> OF_THE_LAUNCHER =
      ImmutableSet.of("-cp", "-classpath", "--class-path", "-jar", "-m", "--module", "-p");

  private LaunchCheck() {}

  /** Everything that is wrong, a line each. */
  static ImmutableList<String> problems(Launch launch, Map<String, String> inherited) {
    ImmutableList.Builder<String> problems = ImmutableList.builder();
    collect(problems, () -> checkDirectory(launch));
    collect(problems, () -> checkJavaHome(launch));
    collect(problems, () -> checkOptions(launch.jvmOptions()));
    collect(problems, () -> User.toBecome(launch.user()));
    if (problems.build().isEmpty()) {
      // What else is wrong would only follow from a wrong directory or Java.
      collect(problems, () -> program(launch, WorkerEnvironment.of(launch, inherited, null)));
      collect(problems, () -> checkJar(launch));
      collect(problems, () -> checkStaging(launch));
    }
    return problems.build();
  }

  private interface Check {
    void run() throws ConfigException, IOException;
  }

  private static void collect(ImmutableList.Builder<String> problems, Check check) {
    try {
      check.run();
    } catch (ConfigException | IOException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
  }

  private static void checkDirectory(Launch launch) throws ConfigException {
    if (!Files.isDirectory(directory(launch))) {
      throw new ConfigException(
          "cannot start in " + launch.directory() + ": no such directory; create it");
    }
  }

  private static void checkJavaHome(Launch launch) throws ConfigException {
    Path java = Path.of(launch.javaHome(), "bin", "java");
    if (!launch.javaHome().isEmpty() && !Files.isExecutable(java)) {
      throw new ConfigException(
          launch.javaHome()
              + " is no Java: it has no bin/java; name the directory of a JDK or JRE");
    }
  }

  private static void checkOptions(List<String> options) throws ConfigException {
    for (String option : options) {
      if (!option.startsWith("-")) {
        throw new ConfigException(
            "'" + option + "' is no JVM option; write an option and its value as one, with a =");
      }
      if (OF_THE_LAUNCHER.contains(option)) {
        throw new ConfigException(
            "the JVM option " + option + " can only be given in the command; write it there");
      }
    }
  }

  private static void checkJar(Launch launch) throws ConfigException {
    JavaCommand java = JavaCommand.of(launch.command());
    String jar = java == null ? null : java.jar();
    if (jar != null) {
      Path file = directory(launch).resolve(jar);
      if (!Files.isReadable(file) || Files.isDirectory(file)) {
        throw new ConfigException(
            "cannot read the jar "
                + jar
                + ": no such file, or no permission; check the path after -jar");
      }
    }
  }

  private static void checkStaging(Launch launch) throws ConfigException {
    for (String path : launch.staging().paths()) {
      if (!Files.exists(directory(launch).resolve(path))) {
        throw new ConfigException("cannot stage " + path + ": no such file; correct the path");
      }
    }
  }

  /** The program of the command as it can be executed from the directory of the launch. */
  static String program(Launch launch, Map<String, String> environment) throws ConfigException {
    String program = launch.command().get(0);
    String path = environment.getOrDefault("PATH", "");
    Path file = Programs.find(program, directory(launch), path);
    if (file != null) {
      return program.indexOf('/') >= 0 ? program : file.toString();
    }
    throw new ConfigException(
        program.indexOf('/') >= 0
            ? "cannot run " + program + ": no such file, or it is not executable"
            : "cannot run '"
                + program
                + "': no directory in PATH has it; give its full path, or install it");
  }

  private static Path directory(Launch launch) {
    return Path.of(launch.directory()).toAbsolutePath();
  }

  /** Tries, as that user, what every worker has to do. */
  static void reach(User user, Path agent, Path attach) throws ConfigException, IOException {
    String script =
        "test -r \"$0\" || exit " + CANNOT_READ + "; test -w \"$1\" || exit " + CANNOT_CONNECT;
    ImmutableList<String> command =
        ImmutableList.<String>builder()
            .addAll(user.prefix())
            .add("/bin/sh", "-c", script, agent.toString(), attach.toString())
            .build();
    int exit = exit(new ProcessBuilder(command).inheritIO().start());
    String problem = reachProblem(exit, agent, attach);
    if (problem != null) {
      throw new ConfigException("user '" + user.name() + "' " + problem);
    }
  }

  private static @Nullable String reachProblem(int exit, Path agent, Path attach) {
    return switch (exit) {
      case 0 -> null;
      case CANNOT_READ -> "cannot read " + agent + "; install Baton where every user can read it";
      case CANNOT_CONNECT ->
          "cannot connect to " + attach + "; choose a run directory that it can pass through";
      default -> "cannot run /bin/sh: setpriv exited with " + exit;
    };
  }

  private static int exit(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
