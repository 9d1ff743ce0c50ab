package dev.baton.supervisor.cli;

import dev.baton.protocol.Verb;
import picocli.CommandLine.Command;

/** Returns to the generation before. */
@Command(
    name = "rollback",
    description = {
      "Return to the generation before: at once when it is still parked, else by",
      "launching it again from its copies. A second rollback goes forth again.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class RollbackCommand extends ServiceCommand {
  @Override
  Verb verb() {
    return Verb.ROLLBACK;
  }
}
