package dev.baton.examples.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A supervisor in a folder of its own, of this checkout. */
final class Supervised {
  private static final Path HOME = Path.of(System.getProperty("baton.home", "."));
  private static final long STOP_SECONDS = 60;
  private static final long LOOK_AGAIN_MILLIS = 200;

  private final Path folder;
  private final Process process;

  private Supervised(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
  }

  /**
   * Runs this configuration, and waits until everything in it serves.
   *
   * @param workers how many that is
   */
  static Supervised run(String configuration, int workers)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("bench");
    Path file = Files.writeString(folder.resolve("baton.toml"), configuration);
    // What a worker that is killed leaves there goes with the folder.
    ProcessBuilder builder = baton(folder, "run", "-f", file.toString());
    builder.redirectOutput(folder.resolve("supervisor").toFile());
    builder.environment().put("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + folder);
    Process process = builder.start();
    Supervised supervised = new Supervised(folder, process);
    // Ctrl-C ends it like anything else.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    while (supervised.log().split(" serving: ", -1).length <= workers) {
      if (process.waitFor(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
        String log = supervised.log();
        supervised.end();
        throw new IOException("the supervisor ended: " + log);
      }
    }
    return supervised;
  }

  /** The command line of a class of this module, on the JVM that measures. */
  static String command(Class<?> main, String... arguments) {
    String target = HOME.resolve("examples/benchmarks/target").toAbsolutePath().toString();
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(
        List.of("-Xmx256m", "-cp", target + "/classes:" + target + "/lib/*", main.getName()));
    words.addAll(List.of(arguments));
    return toml(words);
  }

  /** The same from the jar of this module. */
  static List<String> jarCommand(Class<?> main, String... arguments) throws IOException {
    Path target = HOME.resolve("examples/benchmarks/target").toAbsolutePath().normalize();
    try (Stream<Path> files = Files.list(target)) {
      Path jar =
          files
              .filter(file -> file.getFileName().toString().matches("baton-.*\\.jar"))
              .findFirst()
              .orElseThrow();
      List<String> words = new ArrayList<>();
      words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      words.addAll(List.of("-Xmx256m", "-cp", jar + ":" + target + "/lib/*", main.getName()));
      words.addAll(List.of(arguments));
      return words;
    }
  }

  static String toml(List<String> words) {
    return words.stream().map(word -> '"' + word + '"').collect(Collectors.joining(", ", "[", "]"));
  }

  static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }

  /** The process of the worker of that service that is in that state; 0 if none is. */
  long pid(String service, String state) throws IOException, InterruptedException {
    Pattern worker =
        Pattern.compile(
            "\"id\": \"" + service + "\\.g[^}]*\"state\": \"" + state + "\"[^}]*\"pid\": (\\d+),");
    Matcher found = worker.matcher(String.join("\n", baton("status", "bench", "--json")));
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }

  /** Waits until the supervisor has said that. */
  void await(String words) throws IOException, InterruptedException {
    while (!log().contains(words)) {
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
    }
  }

  /** Runs a command to its end, and returns what it printed. */
  List<String> baton(String... arguments) throws IOException, InterruptedException {
    return begin(arguments).await();
  }

  Command begin(String... arguments) throws IOException {
    Process begun = baton(folder, arguments).start();
    return new Command(begun, arguments);
  }

  /** One that runs. */
  static final class Command {
    private final Process process;
    private final BufferedReader output;
    private final String words;
    private final List<String> printed = new ArrayList<>();

    private Command(Process process, String... arguments) {
      this.process = process;
      this.output = process.inputReader();
      this.words = String.join(" ", arguments);
    }

    /**
     * Waits until that generation serves; returns how long that took on the restart's own clock.
     */
    double awaitServing(int generation) throws IOException {
      Pattern serving = Pattern.compile("\\.g" + generation + "/.*\"serving\".*\"nanos\": (\\d+),");
      for (String line = next(); line != null; line = next()) {
        Matcher found = serving.matcher(line);
        if (found.find()) {
          return Long.parseLong(found.group(1)) / 1e6;
        }
      }
      throw new IOException("nobody served: " + String.join("\n", printed));
    }

    private @Nullable String next() throws IOException {
      String line = output.readLine();
      if (line != null) {
        printed.add(line);
      }
      return line;
    }

    /** Waits for its end, and returns what it printed. */
    List<String> await() throws IOException, InterruptedException {
      while (next() != null) {
        // to the end
      }
      int exit = process.waitFor();
      if (exit != 0) {
        throw new IOException(words + " exited with " + exit + "\n" + String.join("\n", printed));
      }
      return printed;
    }
  }

  private static ProcessBuilder baton(Path folder, String... arguments) {
    List<String> words = new ArrayList<>(List.of(HOME.resolve("baton").toString()));
    words.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().put("BATON_RUNTIME_DIR", folder.resolve("run").toString());
    builder.environment().put("BATON_STATE_DIR", folder.resolve("state").toString());
    return builder.redirectErrorStream(true);
  }

  /** What the supervisor has said. */
  private String log() throws IOException {
    return Files.readString(folder.resolve("supervisor"));
  }

  /** Stops it, and removes its folder. */
  void end() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(one);
      }
    }
  }
}
