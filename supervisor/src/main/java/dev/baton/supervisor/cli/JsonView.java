package dev.baton.supervisor.cli;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.control.ExitCode;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** One object a line, each as soon as it is known; the last has the type {@code result}. */
final class JsonView implements ProgressView {
  private final PrintWriter out;

  JsonView(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void progress(Message progress) {
    print(progress);
  }

  @Override
  public void plan(String line) {
    print(Message.of(Verb.PLAN).with("line", line));
  }

  @Override
  public void outcome(Message outcome) {
    print(outcome);
  }

  @Override
  public void output(String line) {
    print(Message.of(Verb.OUTPUT).with("line", line));
  }

  @Override
  public void result(Message result) {
    print(result);
  }

  @Override
  public void fail(String problem) {
    print(Message.of(Verb.RESULT).with("code", ExitCode.FAILED).with("reason", problem));
  }

  private void print(Message message) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("type", message.verb().toLowerCase(Locale.ROOT));
    fields.putAll(message.fields());
    out.println(Json.object(fields));
    out.flush();
  }

  @Override
  public void close() {
    out.flush();
  }
}
