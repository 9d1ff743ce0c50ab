package dev.baton.supervisor.cli;

import dev.baton.protocol.Verb;
import picocli.CommandLine.Command;

/** Starts services that were stopped. */
@Command(
    name = "start",
    description = {
      "Open the listeners of services that were stopped, and start their workers.",
      "Blocks until they serve.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class StartCommand extends ServiceCommand {
  @Override
  Verb verb() {
    return Verb.START;
  }
}
