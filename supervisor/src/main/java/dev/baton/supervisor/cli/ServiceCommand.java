package dev.baton.supervisor.cli;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.control.ControlConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * A command that does something with services, shows how it goes on, and returns what came of it.
 */
abstract class ServiceCommand extends SupervisorCommand {
  @Option(names = "--json", description = "One JSON object a line, for programs.")
  private boolean json;

  @Parameters(
      arity = "0..*",
      paramLabel = "SERVICE",
      description = {
        "Which services: SERVICE, SUPERVISOR/SERVICE, or SUPERVISOR for all of it.",
        "May be left out to mean all."
      })
  private List<String> services = new ArrayList<>();

  /** With these instead of what Picocli would set; returns itself. */
  final ServiceCommand of(List<String> named, boolean forPrograms) {
    services = named;
    json = forPrograms;
    return this;
  }

  @Override
  List<String> named() {
    return services;
  }

  /** Whether it is a program that reads what we print. */
  boolean json() {
    return json;
  }

  /** What is asked for. */
  abstract Verb verb();

  /** Adds what this command alone has to say. */
  Message complete(Message request) {
    return request;
  }

  @Override
  int converse(Target target, ControlConnection connection, Console console) throws IOException {
    connection.send(complete(request(verb(), target)));
    return Progress.show(
        connection, ProgressView.choose(target.supervisor(), json, System.getenv(), console));
  }
}
