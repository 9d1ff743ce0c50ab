package dev.baton.supervisor.takeover;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a successor is started: as we were, with another jar or another Java. */
public final class SuccessorCommand {
  private static final String ARCHIVE = "-XX:SharedArchiveFile=";
  private static final String BOOT_PATH = "-Xbootclasspath/a:";

  private SuccessorCommand() {}

  /**
   * Makes the command line.
   *
   * @param jar of the other supervisor; empty for ours
   * @param javaHome of the other Java; empty for ours
   */
  public static List<String> of(String jar, String javaHome) throws IOException {
    String line = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8);
    List<String> command = new ArrayList<>(List.of(line.split("\0", -1)));
    command.remove(command.size() - 1); // after the last zero
    return of(command, jar, javaHome);
  }

  /** The same of this command line of ours. */
  static List<String> of(List<String> ours, String jar, String javaHome) throws IOException {
    List<String> command = new ArrayList<>(ours);
    int option = command.indexOf("-jar");
    if (option < 0) {
      throw new IOException(
          "this supervisor was not started from a jar: there is no way to another");
    }
    command.set(0, java(javaHome));
    if (!jar.isEmpty()) {
      command.set(option + 1, readable(Path.of(jar)));
      command.removeIf(word -> word.startsWith(BOOT_PATH)); // libraries of ours, not of the other
    }
    if (!jar.isEmpty() || !javaHome.isEmpty() || isStale(command, option)) {
      command.removeIf(word -> word.startsWith(ARCHIVE)); // it is of this Java and this jar
    }
    return command;
  }

  private static boolean isStale(List<String> command, int option) throws IOException {
    Path jar = Path.of(command.get(option + 1));
    for (String word : command) {
      if (word.startsWith(ARCHIVE)) {
        Path archive = Path.of(word.substring(ARCHIVE.length()));
        return Files.exists(archive)
            && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) < 0;
      }
    }
    return false;
  }

  private static String java(String home) throws IOException {
    if (home.isEmpty()) {
      return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
    Path java = Path.of(home, "bin", "java").toAbsolutePath();
    if (!Files.isExecutable(java)) {
      throw new IOException(java + " is no program; name the home of a Java with --java-home");
    }
    return java.toString();
  }

  private static String readable(Path jar) throws IOException {
    if (!Files.isRegularFile(jar) || !Files.isReadable(jar)) {
      throw new IOException(jar + " cannot be read; name the jar of a supervisor with --jar");
    }
    return jar.toAbsolutePath().toString();
  }
}
