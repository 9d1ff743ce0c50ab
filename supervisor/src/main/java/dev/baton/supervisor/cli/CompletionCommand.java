package dev.baton.supervisor.cli;

import dev.baton.supervisor.control.ExitCode;
import java.io.PrintWriter;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what makes a shell complete our commands and options. */
@Command(
    name = "completion",
    description = {
      "Print the completion script of a shell. For this session, or in ~/.bashrc or",
      "~/.zshrc for all:  source <(baton completion bash)",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class CompletionCommand implements Callable<Integer> {
  /** The shells we have a script for. */
  static final class Shells implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("bash", "zsh").iterator();
    }
  }

  /** Zsh runs the script of bash, once it has been told to. */
  private static final String ZSH_HEADER =
      """
      #compdef baton
      autoload -U +X compinit && (( ${+functions[compdef]} )) || compinit
      autoload -U +X bashcompinit && bashcompinit
      """;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "SHELL",
      completionCandidates = Shells.class,
      description = "bash or zsh.")
  private String shell = "";

  @Override
  public Integer call() {
    CommandLine command = spec.commandLine();
    PrintWriter out = command.getOut();
    switch (shell.toLowerCase(Locale.ROOT)) {
      case "bash" -> out.print(script());
      case "zsh" -> out.print(ZSH_HEADER + script());
      default -> {
        command.getErr().println("baton: '" + shell + "' is no shell we know; write bash or zsh");
        return ExitCode.USAGE;
      }
    }
    out.flush();
    return ExitCode.OK;
  }

  /** Of all commands but those that are not for people. */
  private static String script() {
    CommandLine root = Main.commandLine();
    Map.copyOf(root.getSubcommands())
        .forEach(
            (name, command) -> {
              if (command.getCommandSpec().usageMessage().hidden()) {
                root.getCommandSpec().removeSubcommand(name);
              }
            });
    return AutoComplete.bash("baton", root);
  }
}
