package dev.baton.worker.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A command of Baton's that has ended.
 *
 * @param exit 0 when it has done what it was asked for
 * @param output what it printed, errors included
 */
public record Command(int exit, String output) {
  private static final long MOST_MINUTES = 5;

  /** Runs it; if we are interrupted, or it takes too long, it is killed. */
  static Command run(ProcessBuilder builder, Path folder) throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "command", ".out");
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
        throw new AssertionError(
            "not ended after " + MOST_MINUTES + " minutes: " + Files.readString(output));
      }
      return new Command(process.exitValue(), Files.readString(output));
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }

  Command orFail() {
    if (exit != 0) {
      throw new AssertionError("exit code " + exit + ":\n" + output);
    }
    return this;
  }
}
