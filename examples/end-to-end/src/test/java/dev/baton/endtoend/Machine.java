package dev.baton.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A corner of this machine for one test: directories of its own, the supervisors started in it.
 * After the test nothing may be left: no process, no file. When it fails, all output of all
 * supervisors and workers is shown.
 */
final class Machine implements BeforeEachCallback, AfterEachCallback {
  private static final Path ROOT = Path.of(System.getProperty("baton.root", "../.."));

  private final List<Supervisor> supervisors = new ArrayList<>();
  private Path folder = Path.of("");

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    // Short, because socket paths are.
    folder = Files.createTempDirectory("bt");
    Files.createDirectories(temp());
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    List<String> left = new ArrayList<>();
    if (context.getExecutionException().isEmpty()) {
      left.addAll(leaked());
    }
    for (Supervisor supervisor : supervisors) {
      supervisor.end();
    }
    // Not before the last one has ended: it may have taken over the workers of the first.
    for (Supervisor supervisor : supervisors) {
      left.addAll(supervisor.survivors());
    }
    if (Files.exists(run())) {
      left.addAll(files(run()));
    }
    left.addAll(files(temp()));
    left.addAll(extracted());
    boolean failed = context.getExecutionException().isPresent();
    if (failed || !left.isEmpty()) {
      supervisors.forEach(supervisor -> System.err.println(supervisor.everything()));
    }
    removeAll(folder);
    if (!left.isEmpty()) {
      throw new AssertionError("left behind: " + left);
    }
  }

  /** Starts {@code baton run} with these arguments and waits until the service serves. */
  Supervisor supervise(Collection<String> arguments) throws Exception {
    Supervisor supervisor = start(arguments);
    supervisor.awaitServing();
    return supervisor;
  }

  /** Starts {@code baton run} with these arguments and waits for nothing. */
  Supervisor start(Collection<String> arguments) throws IOException {
    return start(Map.of(), arguments);
  }

  Supervisor start(Map<String, String> more, Collection<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher(), "run"));
    command.addAll(arguments);
    Map<String, String> environment = new LinkedHashMap<>(environment());
    environment.putAll(more);
    Supervisor supervisor =
        Supervisor.start(this, command, environment, folder.resolve("s" + supervisors.size()));
    supervisors.add(supervisor);
    return supervisor;
  }

  /** Runs a command of Baton's to its end. */
  Command baton(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(launcher()));
    command.addAll(List.of(arguments));
    return Command.run(folder, environment(), command);
  }

  /** Begins a command of Baton's; what it returns waits for its end. */
  FutureTask<Command> begin(String... arguments) {
    FutureTask<Command> command = new FutureTask<>(() -> baton(arguments));
    new Thread(command, "command").start();
    return command;
  }

  Map<String, String> environment() {
    return Map.of(
        "BATON_RUNTIME_DIR", run().toString(),
        "BATON_STATE_DIR", folder.resolve("state").toString(),
        "JAVA_HOME", System.getProperty("java.home"),
        "JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temp());
  }

  static Path root() {
    return ROOT;
  }

  static String launcher() {
    return ROOT.resolve("baton").toString();
  }

  static boolean isRoot() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  Path folder() {
    return folder;
  }

  Path run() {
    return folder.resolve("run");
  }

  private Path temp() {
    return folder.resolve("tmp");
  }

  static int freePort() throws IOException {
    return Ports.free();
  }

  /** What the audit of a supervisor that still runs finds. */
  private List<String> leaked() throws IOException {
    List<String> leaked = new ArrayList<>();
    if (Files.isDirectory(run())) {
      try (Stream<Path> names = Files.list(run())) {
        for (Path name : names.toList()) {
          leaked.addAll(Audited.troubles(name.resolve("control.sock")));
        }
      }
    }
    return leaked;
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> !Files.isDirectory(file)).map(Path::toString).toList();
    }
  }

  /** Copies of its native library that junixsocket makes when it is not told where one is. */
  private static List<String> extracted() throws IOException {
    try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return all.map(Path::toString).filter(file -> file.contains("junixsocket")).toList();
    }
  }

  private static void removeAll(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(one);
      }
    }
  }
}
