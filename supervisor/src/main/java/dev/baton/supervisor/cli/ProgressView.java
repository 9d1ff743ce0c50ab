package dev.baton.supervisor.cli;

import dev.baton.protocol.Message;
import dev.baton.protocol.ProtocolException;
import java.io.PrintWriter;
import java.util.Map;

/** Where a command shows what its supervisor tells it until the result is known. */
interface ProgressView extends AutoCloseable {
  /**
   * The view for whoever looks: JSON for programs, drawn live on a terminal, plain lines for
   * everybody else.
   *
   * @param name whom the command asked, as the operator calls it
   */
  static ProgressView choose(
      String name, boolean json, Map<String, String> environment, Console console) {
    PrintWriter out = console.out();
    PrintWriter err = console.err();
    if (json) {
      return new JsonView(out);
    }
    Terminal terminal = Terminal.of(environment);
    PlainView plain = new PlainView(name, out, err);
    return terminal.live() ? LiveView.start(name, terminal, out, plain) : plain;
  }

  /** A worker has come to another state: a {@code PROGRESS}. */
  void progress(Message progress) throws ProtocolException;

  /** A line of what will be done. */
  void plan(String line);

  /** One service is done, others follow. */
  void outcome(Message outcome) throws ProtocolException;

  /** One of the last lines of a worker that failed. */
  void output(String line);

  /** The last message of all. */
  void result(Message result) throws ProtocolException;

  /** There will be no result. The problem is a sentence whose subject is the name. */
  void fail(String problem);

  /** Leaves the terminal as it should be, whatever happened. */
  @Override
  void close();
}
