package dev.baton.examples.fdpassing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program under test, as a process of its own. Its output is part of every failure. */
final class Child {
  private static final long MOST_SECONDS = 60;

  private final List<String> command;
  private final Process process;
  private final Path out;
  private final Path err;

  private Child(List<String> command, Process process, Path out, Path err) {
    this.command = command;
    this.process = process;
    this.out = out;
    this.err = err;
  }

  static Child start(Path folder, List<String> command) throws IOException {
    Path out = Files.createTempFile(folder, "child", ".out");
    Path err = Files.createTempFile(folder, "child", ".err");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new Child(command, process, out, err);
  }

  /** A main class on the class path of this test, with the JDK of this test. */
  static Child java(Path folder, Class<?> main, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Else newer JDKs warn on stderr that junixsocket loads a library.
    command.add("--enable-native-access=ALL-UNNAMED");
    // The library unpacks its native part there; a killed JVM would leave it behind.
    command.add("-Djava.io.tmpdir=" + folder);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return start(folder, command);
  }

  void awaitLine(String beginning) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
    while (lines().stream().noneMatch(line -> line.startsWith(beginning))) {
      if (!process.isAlive() || System.nanoTime() - end > 0) {
        throw new AssertionError("never printed \"" + beginning + "\": " + this);
      }
      Thread.sleep(10);
    }
  }

  void assertExits(int status) throws InterruptedException {
    if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("still runs: " + this);
    }
    assertEquals(status, process.exitValue(), this::toString);
  }

  /** Fails with one line that has all the parts, and with this status. */
  void assertFails(int status, String... parts) throws IOException, InterruptedException {
    assertExits(status);
    List<String> lines = Files.readAllLines(err, UTF_8);
    assertEquals(1, lines.size(), this::toString);
    for (String part : parts) {
      if (!lines.get(0).contains(part)) {
        throw new AssertionError("does not say \"" + part + "\": " + this);
      }
    }
  }

  void enterLine() throws IOException {
    try (OutputStream in = process.getOutputStream()) {
      in.write('\n');
    }
  }

  List<String> lines() throws IOException {
    return Files.readAllLines(out, UTF_8);
  }

  /** What it printed after the colon in the lines about descriptors. */
  List<String> contents() throws IOException {
    return descriptorLines().map(line -> line.substring(line.indexOf(": ") + 2)).toList();
  }

  /** The numbers its descriptors had, or have, in its process. */
  List<Integer> numbers() throws IOException {
    return descriptorLines()
        .map(line -> Integer.valueOf(line.replaceAll("^.* descriptor (\\d+): .*$", "$1")))
        .toList();
  }

  private Stream<String> descriptorLines() throws IOException {
    return lines().stream().filter(line -> line.contains(" as descriptor "));
  }

  void terminate() {
    process.destroy();
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public String toString() {
    try {
      return "%s (%s)%nstdout:%n%s%nstderr:%n%s"
          .formatted(
              String.join(" ", command),
              process.isAlive() ? "running" : "exit " + process.exitValue(),
              Files.readString(out),
              Files.readString(err));
    } catch (IOException e) {
      return command + ": " + e;
    }
  }
}
