package dev.baton.supervisor.cli;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.control.ControlConnection;
import dev.baton.supervisor.control.ExitCode;
import java.io.IOException;

/** Follows a command in its supervisor to the result. */
final class Progress {
  private Progress() {}

  /** Returns the exit code the supervisor gave. Closes the view. */
  static int show(ControlConnection supervisor, ProgressView view) throws IOException {
    try (view) {
      for (Message next = supervisor.receive(); next != null; next = supervisor.receive()) {
        if (next.is(Verb.RESULT)) {
          view.result(next);
          return (int) next.number("code");
        } else if (next.is(Verb.PROGRESS)) {
          view.progress(next);
        } else if (next.is(Verb.OUTCOME)) {
          view.outcome(next);
        } else if (next.is(Verb.PLAN)) {
          view.plan(next.text("line"));
        } else if (next.is(Verb.OUTPUT)) {
          view.output(next.text("line"));
        } else {
          view.fail("does not understand this command; is its supervisor older?");
          return ExitCode.FAILED;
        }
      }
      view.fail("ended before it gave an answer");
      return ExitCode.FAILED;
    }
  }
}
