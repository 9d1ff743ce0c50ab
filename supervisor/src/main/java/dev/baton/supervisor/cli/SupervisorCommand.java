package dev.baton.supervisor.cli;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.control.ControlConnection;
import dev.baton.supervisor.control.ExitCode;
import dev.baton.supervisor.resource.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that speaks with a supervisor: finds the one it is meant for, and connects. */
abstract class SupervisorCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-s", "--supervisor"},
      paramLabel = "NAME",
      description = "Which supervisor; may be left out when only one runs.")
  private @Nullable String supervisor;

  /** What the operator named, if anything: services, or the supervisor itself. */
  abstract List<String> named();

  @Override
  public Integer call() throws IOException, ConfigException {
    CommandLine line = Objects.requireNonNull(spec, "not made by Picocli").commandLine();
    return run(new Console(line.getOut(), line.getErr()));
  }

  /** Returns the exit code. */
  final int run(Console console) throws IOException, ConfigException {
    Map<String, String> environment = System.getenv();
    Target target = Target.of(supervisor, named(), RunDirectory.running(environment));
    if (target.problem() != null) {
      console.err().println("baton: " + target.problem());
      return ExitCode.NO_SUPERVISOR;
    }
    ControlConnection connection;
    try {
      Path socket = RunDirectory.of(target.supervisor(), environment).control();
      connection = ControlConnection.connect(socket);
    } catch (IOException e) {
      return alone(target, console);
    }
    try (connection) {
      return converse(target, connection, console);
    }
  }

  /**
   * Returns the exit code.
   *
   * @param console what to print to
   */
  abstract int converse(Target target, ControlConnection connection, Console console)
      throws IOException, ConfigException;

  /** The same when that supervisor does not run. */
  int alone(Target target, Console console) throws IOException, ConfigException {
    console.err().println("baton: no supervisor named " + target.supervisor() + " is running");
    return ExitCode.NO_SUPERVISOR;
  }

  /** What is made of a row of an answer. */
  interface Rows {
    void row(Message row) throws IOException;
  }

  /** Reads an answer to its end, and returns that: the result. */
  static Message answer(Target target, ControlConnection connection, Rows rows) throws IOException {
    for (Message row = connection.receive(); row != null; row = connection.receive()) {
      if (row.is(Verb.NOT_UNDERSTOOD)) {
        throw new IOException(target.supervisor() + " does not understand this; is it older?");
      }
      if (row.is(Verb.RESULT)) {
        return row;
      }
      rows.row(row);
    }
    throw new IOException("the supervisor ended before it gave an answer");
  }

  /** A request for the services of the target, with who asks. */
  static Message request(Verb verb, Target target) {
    Message request = Message.of(verb).with("pid", ProcessHandle.current().pid());
    return target.services().isEmpty()
        ? request
        : request.with("services", String.join(" ", target.services()));
  }
}
