package dev.baton.supervisor.cli;

import dev.baton.protocol.Verb;
import picocli.CommandLine.Command;

/** Tries again what was given up. */
@Command(
    name = "reset",
    description = {
      "Try again what was given up because it failed too often. Blocks until it serves.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class ResetCommand extends ServiceCommand {
  @Override
  Verb verb() {
    return Verb.RESET;
  }
}
