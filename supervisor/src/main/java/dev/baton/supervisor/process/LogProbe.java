package dev.baton.supervisor.process;

import dev.baton.supervisor.config.Gate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether a line of the worker's output has matched; once it has, that stays so. */
final class LogProbe implements Probe {
  private final Gate.Log gate;
  private final @Nullable LogWatch watch;

  /**
   * A probe that has read nothing yet.
   *
   * @param output null when nobody keeps it
   */
  LogProbe(Gate.Log gate, @Nullable Path output) {
    this.gate = gate;
    Pattern pattern = Pattern.compile(gate.pattern());
    this.watch = output == null ? null : LogWatch.fromTheStart(output, pattern);
  }

  @Override
  public Gates.Result run(Faces faces) {
    if (watch == null) {
      return failed("a log gate reads the output from a file: it needs --output file");
    }
    try {
      String line = watch.look();
      return line == null
          ? failed("no line of its output has '" + gate.pattern() + "'")
          : new Gates.Result(true, "its output has '" + line + "'", 0);
    } catch (IOException e) {
      return failed("its output could not be searched: " + e.getMessage());
    }
  }

  private static Gates.Result failed(String detail) {
    return new Gates.Result(false, detail, 0);
  }
}
