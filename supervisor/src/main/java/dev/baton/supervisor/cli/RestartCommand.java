package dev.baton.supervisor.cli;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.config.RestartPolicy.Strategy;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Replaces the workers by new ones on the same sockets. */
@Command(
    name = "restart",
    description = {
      "Start the next generation of workers on the same sockets, wait until it serves,",
      "then drain and stop the old one. Several services follow one another, and the",
      "first that fails is the last. Blocks until the outcome is known; interrupting it",
      "leaves the restart running.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class RestartCommand extends ServiceCommand {
  @ArgGroup(exclusive = true)
  private @Nullable Way way;

  /** How it is done. */
  static final class Way {
    @Option(
        names = "--strategy",
        paramLabel = "STRATEGY",
        description = {
          "Instead of the configured one: rolling, all-at-once, canary, handover or",
          "exclusive."
        })
    private @Nullable String strategy;

    @Option(
        names = "--promote",
        description = {
          "Switch on who waits (standby = 1) and boot the next behind it, if neither jars",
          "nor configuration have changed. Whatever else it read when it booted stays."
        })
    private boolean promote;
  }

  @Override
  Verb verb() {
    return Verb.RESTART;
  }

  @Override
  Message complete(Message request) {
    if (way == null) {
      return request;
    }
    return way.strategy == null
        ? request.with("promote", Boolean.toString(way.promote))
        : request.with("strategy", way.strategy);
  }

  /** Reads what an operator writes; null for what is none. */
  static @Nullable Strategy strategy(String written) {
    for (Strategy one : Strategy.values()) {
      if (one.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(written)) {
        return one;
      }
    }
    return null;
  }
}
