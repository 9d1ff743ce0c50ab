package dev.baton.supervisor.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** A command that is for a whole supervisor, which may be named like a service elsewhere. */
abstract class WholeCommand extends SupervisorCommand {
  @Parameters(arity = "0..1", paramLabel = "NAME", description = "Which supervisor.")
  private @Nullable String name;

  @Override
  final List<String> named() {
    return name == null ? List.of() : List.of(name);
  }
}
