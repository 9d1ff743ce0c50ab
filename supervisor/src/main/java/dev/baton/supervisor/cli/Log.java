package dev.baton.supervisor.cli;

import dev.baton.supervisor.config.Durations;
import dev.baton.supervisor.control.ControlServer;
import dev.baton.supervisor.core.Outcome;
import dev.baton.supervisor.core.Transition;
import dev.baton.supervisor.loop.Announcer;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** What happens, a line each on stderr, and on its way to the commands that wait. On the loop. */
final class Log implements Announcer {
  private final PrintWriter err;
  private final ControlServer control;

  Log(PrintWriter err, ControlServer control) {
    this.err = err;
    this.control = control;
  }

  @Override
  public void announce(Transition transition) {
    String pid = transition.pid() == 0 ? "" : " pid " + transition.pid();
    err.printf(
        "baton: %s%s %s: %s (%s)%n",
        transition.worker(),
        pid,
        transition.state().name().toLowerCase(Locale.ROOT),
        transition.reason(),
        Durations.print(transition.sinceNanos()));
    err.flush();
    control.announce(transition);
  }

  @Override
  public void finish(Outcome outcome, List<String> output) {
    if (outcome.operation() != 0 && !outcome.service().isEmpty()) {
      String how = outcome.success() ? " succeeded: " : " failed: ";
      err.println("baton: " + outcome.service() + how + outcome.reason());
      err.flush();
    } else if (!outcome.success()) {
      err.println("baton: " + outcome.service() + ": " + outcome.reason());
      err.flush();
    }
    control.finish(outcome, output);
  }
}
