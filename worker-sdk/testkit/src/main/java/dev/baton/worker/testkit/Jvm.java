package dev.baton.worker.testkit;

import dev.baton.worker.Worker;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** JVMs like this one: the same JDK, the same class path. */
final class Jvm {
  private static final String SUPERVISOR = "dev.baton.supervisor.cli.Main";

  /** As the launcher starts one, without its archive of classes. */
  private static final List<String> SMALL =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss256k", "-Xmx64m");

  /** What the manifest of the supervisor's jar opens, which counts with {@code -jar} only. */
  private static final List<String> OPEN =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-opens=java.base/java.io=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED");

  /** What the user set for JVMs is for the workers; the supervisor hands it on to them. */
  private static final List<String> FOR_WORKERS =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  /** What a service manager says to the build, if that runs under one. */
  private static final Set<String> OF_A_MANAGER =
      Set.of("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "FDSTORE");

  private Jvm() {}

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  static String classPath() {
    return System.getProperty("java.class.path");
  }

  /** Lest a JVM that is killed leaves something in everybody's. */
  static String tempOption(Path temp) {
    return "-Djava.io.tmpdir=" + temp;
  }

  /** A command of Baton's, in directories below that folder. */
  static ProcessBuilder baton(Path folder, List<String> arguments) {
    requireJar();
    List<String> command = new ArrayList<>(List.of(java(), tempOption(temp(folder))));
    command.addAll(SMALL);
    command.addAll(OPEN);
    command.addAll(List.of("-cp", classPath(), SUPERVISOR));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    adapt(builder.environment(), folder);
    return builder;
  }

  private static void adapt(Map<String, String> environment, Path folder) {
    // The build may run under Baton itself.
    environment.keySet().removeIf(name -> name.startsWith("BATON_") || OF_A_MANAGER.contains(name));
    for (String name : FOR_WORKERS) {
      String value = environment.remove(name);
      if (value != null) {
        environment.put("BATON_KEPT_" + name, value);
      }
    }
    environment.put("BATON_RUNTIME_DIR", folder.resolve("run").toString());
    environment.put("BATON_STATE_DIR", state(folder).toString());
  }

  static Path temp(Path folder) {
    return folder.resolve("tmp");
  }

  /** Where the supervisor has the logs of its workers. */
  static Path state(Path folder) {
    return folder.resolve("state");
  }

  /** The SDK is the agent, too, and a JVM loads no agent from a folder. */
  private static void requireJar() {
    try {
      URI sdk = Worker.class.getProtectionDomain().getCodeSource().getLocation().toURI();
      if (Files.isDirectory(Path.of(sdk))) {
        throw new IllegalStateException(
            "the worker SDK is on the class path as a folder, "
                + Path.of(sdk)
                + ", but has to be a jar: package it before this test runs");
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
