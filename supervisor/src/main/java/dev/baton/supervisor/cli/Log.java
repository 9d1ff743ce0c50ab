package dev.baton.supervisor.cli;

import com.google.common.collect.ImmutableMap;
import dev.baton.supervisor.config.Durations;
import dev.baton.supervisor.config.SupervisorLog.Format;
import dev.baton.supervisor.control.ControlServer;
import dev.baton.supervisor.core.Outcome;
import dev.baton.supervisor.core.Transition;
import dev.baton.supervisor.loop.Announcer;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What happens, a line each: on stderr, in the supervisor's own log, and on its way to the commands
 * that wait. On the loop.
 */
final class Log implements Announcer {
  private final PrintWriter err;
  private final ControlServer control;
  private final Supplier<Format> format;

  // Set once the loop is there, before it runs
  private Consumer<String> file = line -> {};

  /**
   * Writes no file before it has one.
   *
   * @param format of the lines in the file
   */
  Log(PrintWriter err, ControlServer control, Supplier<Format> format) {
    this.err = err;
    this.control = control;
    this.format = format;
  }

  void writeTo(Consumer<String> lines) {
    file = lines;
  }

  @Override
  public void announce(Transition transition) {
    String state = transition.state().name().toLowerCase(Locale.ROOT);
    String pid = transition.pid() == 0 ? "" : " pid " + transition.pid();
    String took = Durations.print(transition.sinceNanos());
    print(
        transition.worker() + pid + " " + state + ": " + transition.reason() + " (" + took + ")",
        ImmutableMap.of(
            "worker", transition.worker().toString(),
            "state", state,
            "pid", Long.toString(transition.pid()),
            "reason", transition.reason(),
            "nanos", Long.toString(transition.sinceNanos())));
    control.announce(transition);
  }

  @Override
  public void finish(Outcome outcome, List<String> output) {
    boolean asked = outcome.operation() != 0 && !outcome.service().isEmpty();
    if (asked || !outcome.success()) {
      String how = !asked ? ": " : outcome.success() ? " succeeded: " : " failed: ";
      print(
          outcome.service() + how + outcome.reason(),
          ImmutableMap.of(
              "service", outcome.service(),
              "success", Boolean.toString(outcome.success()),
              "reason", outcome.reason(),
              "nanos", Long.toString(outcome.nanos())));
    }
    control.finish(outcome, output);
  }

  @Override
  public void tell(String line) {
    print(line, ImmutableMap.of("reason", line));
  }

  private void print(String text, Map<String, String> fields) {
    err.println("baton: " + text);
    err.flush();
    String time = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    file.accept(
        format.get() == Format.TEXT
            ? time + " " + text
            : "{\"time\": \"" + time + "\", " + Json.members(fields) + "}");
  }
}
