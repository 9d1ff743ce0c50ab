package dev.baton.supervisor.cli;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Replaces the workers by new ones on the same sockets. */
@Command(
    name = "restart",
    description = {
      "Start the next generation of workers on the same sockets, wait until it serves,",
      "then drain and stop the old one. Blocks until the outcome is known; interrupting",
      "it leaves the restart running."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class RestartCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "Which supervisor; may be left out when only one runs.")
  private @Nullable String name;

  @Override
  public Integer call() throws IOException {
    CommandLine command = spec.commandLine();
    return Supervisors.call(
        name,
        command,
        (found, supervisor) -> {
          supervisor.send(Message.of(Verb.RESTART));
          return new Progress(found, command.getOut(), command.getErr()).show(supervisor);
        });
  }
}
