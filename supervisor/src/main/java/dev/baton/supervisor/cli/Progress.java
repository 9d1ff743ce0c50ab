package dev.baton.supervisor.cli;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.config.Durations;
import dev.baton.supervisor.control.ControlConnection;
import dev.baton.supervisor.control.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;

/** Shows what a supervisor says until it gives the result. */
final class Progress {
  private final String name;
  private final PrintWriter out;
  private final PrintWriter err;

  Progress(String name, PrintWriter out, PrintWriter err) {
    this.name = name;
    this.out = out;
    this.err = err;
  }

  /** Returns the exit code the supervisor gave. */
  int show(ControlConnection supervisor) throws IOException {
    for (Message next = supervisor.receive(); next != null; next = supervisor.receive()) {
      if (next.is(Verb.RESULT)) {
        return result(next);
      } else if (next.is(Verb.PROGRESS)) {
        out.println(line(next));
      } else if (next.is(Verb.OUTPUT)) {
        err.println("  | " + next.text("line"));
      } else {
        err.println("baton: the supervisor does not understand this command; is it older?");
        return ExitCode.FAILED;
      }
      out.flush();
    }
    err.println("baton: " + name + " ended before it gave an answer");
    return ExitCode.FAILED;
  }

  private static String line(Message progress) throws IOException {
    String pid = progress.number("pid") == 0 ? "" : "pid " + progress.text("pid");
    return String.format(
        "%9s  %-14s %-9s %-11s %s",
        Durations.print(progress.number("nanos")),
        progress.text("worker"),
        progress.text("state"),
        pid,
        progress.text("reason"));
  }

  private int result(Message result) throws IOException {
    int code = (int) result.number("code");
    String took = result.has("nanos") ? " after " + Durations.print(result.number("nanos")) : "";
    String text = name + ": " + result.text("reason") + took;
    switch (code) {
      case ExitCode.OK -> out.println(text);
      case ExitCode.BUSY -> err.println("baton: " + text);
      default -> err.println("baton: " + text + "; what served before still serves");
    }
    return code;
  }
}
