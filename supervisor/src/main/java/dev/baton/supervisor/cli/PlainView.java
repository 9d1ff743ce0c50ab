package dev.baton.supervisor.cli;

import dev.baton.protocol.Message;
import dev.baton.protocol.ProtocolException;
import dev.baton.supervisor.config.Durations;
import dev.baton.supervisor.control.ExitCode;
import java.io.PrintWriter;

/** One line for each change, for pipes and logs. */
final class PlainView implements ProgressView {
  private final String name;
  private final PrintWriter out;
  private final PrintWriter err;

  PlainView(String name, PrintWriter out, PrintWriter err) {
    this.name = name;
    this.out = out;
    this.err = err;
  }

  @Override
  public void progress(Message progress) throws ProtocolException {
    String pid = progress.number("pid") == 0 ? "" : "pid " + progress.text("pid");
    out.println(
        String.format(
            "%9s  %-14s %-9s %-11s %s",
            Durations.print(progress.number("nanos")),
            progress.text("worker"),
            progress.text("state"),
            pid,
            progress.text("reason")));
    out.flush();
  }

  @Override
  public void plan(String line) {
    out.println("  " + line);
    out.flush();
  }

  @Override
  public void outcome(Message outcome) throws ProtocolException {
    if (outcome.flag("success")) {
      out.println(sentence(name, outcome));
    } else {
      err.println("baton: " + failure(outcome));
    }
    flush();
  }

  @Override
  public void output(String line) {
    err.println("  | " + line);
    err.flush();
  }

  @Override
  public void result(Message result) throws ProtocolException {
    String sentence = sentence(name, result);
    switch ((int) result.number("code")) {
      case ExitCode.OK -> out.println(sentence);
      case ExitCode.BUSY -> err.println("baton: " + sentence);
      default -> err.println("baton: " + failure(result));
    }
    flush();
  }

  /** Only what has begun can have changed something. */
  private String failure(Message result) throws ProtocolException {
    String reassurance = result.has("service") ? "; what served before still serves" : "";
    return sentence(name, result) + reassurance;
  }

  static String sentence(String name, Message result) throws ProtocolException {
    String service = result.text("service", "");
    String took = result.has("nanos") ? " after " + Durations.print(result.number("nanos")) : "";
    long waited = result.has("waited-nanos") ? result.number("waited-nanos") : 0;
    String queue = waited == 0 ? "" : "; new connections waited " + Durations.print(waited);
    return (service.isEmpty() ? name : service) + ": " + result.text("reason") + took + queue;
  }

  @Override
  public void fail(String problem) {
    err.println("baton: " + name + " " + problem);
    flush();
  }

  private void flush() {
    out.flush();
    err.flush();
  }

  @Override
  public void close() {
    flush();
  }
}
