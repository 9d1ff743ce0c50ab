package dev.baton.supervisor.cli;

import dev.baton.protocol.Verb;
import picocli.CommandLine.Command;

/** Ends services, or a supervisor with all its workers. */
@Command(
    name = "stop",
    description = {
      "Drain the workers, stop them and close their listeners. Without a service, or with",
      "the name of a supervisor, everything is released and the supervisor ends.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class StopCommand extends ServiceCommand {
  @Override
  Verb verb() {
    return Verb.STOP;
  }
}
