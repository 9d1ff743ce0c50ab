package dev.baton.examples.fdpassing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Compiles the C programs the Java ones must get along with. */
final class Peers {
  private static final Path SOURCES =
      Path.of(System.getProperty("basedir", "."), "src", "test", "c");

  private Peers() {}

  /** Skips the test that asks where there is no compiler. */
  static String compiled(String name, Path folder) throws IOException, InterruptedException {
    assumeTrue(hasCompiler(), "no gcc on the PATH: not tested against plain C");
    Path program = folder.resolve(name);
    if (!Files.exists(program)) {
      Process gcc =
          new ProcessBuilder(
                  List.of(
                      "gcc",
                      "-std=gnu11",
                      "-Wall",
                      "-Wextra",
                      "-o",
                      program.toString(),
                      SOURCES.resolve(name + ".c").toString()))
              .inheritIO()
              .start();
      assertTrue(gcc.waitFor(60, TimeUnit.SECONDS), "gcc still runs");
      assertEquals(0, gcc.exitValue(), name + ".c does not compile: see above");
    }
    return program.toString();
  }

  private static boolean hasCompiler() {
    for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
      if (Files.isExecutable(Path.of(folder, "gcc"))) {
        return true;
      }
    }
    return false;
  }
}
