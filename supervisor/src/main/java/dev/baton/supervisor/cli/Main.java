package dev.baton.supervisor.cli;

import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.control.ExitCode;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Entry point: finds the command, and turns failures into one line and an exit code. */
@Command(
    name = "baton",
    description = "Zero-downtime restarts for any JVM server.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    footer = {
      "",
      "Exit codes: 0 done; 1 failed, what served before still serves; 2 wrong usage;",
      "3 no such supervisor; 4 another operation is running."
    })
public final class Main {
  private static final List<String> NAMES =
      List.of(
          "run",
          "restart",
          "rollback",
          "reload",
          "scale",
          "start",
          "stop",
          "reset",
          "status",
          "logs",
          "rotate",
          "history",
          "check",
          "audit",
          "diagnose",
          "upgrade",
          "doctor",
          "unit",
          "completion",
          "self-archive");

  private Main() {}

  @SuppressWarnings("SystemExitOutsideMain") // this is it
  public static void main(String[] args) {
    System.exit(run(args));
  }

  private static int run(String[] args) {
    ServiceCommand urgent = Urgent.read(args);
    if (urgent != null) {
      return run(urgent, writer(System.out), writer(System.err));
    }
    boolean known = args.length > 0 && NAMES.contains(args[0]);
    // Of the other commands neither classes nor models are needed: a supervisor would keep them.
    return commandLine(known ? List.of(args[0]) : NAMES).execute(args);
  }

  private static int run(ServiceCommand command, PrintWriter out, PrintWriter err) {
    try {
      return command.run(new Console(out, err));
    } catch (IOException | ConfigException e) {
      return exitCode(e, err);
    }
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, Charset.defaultCharset());
  }

  /** Says what has failed; returns with what to exit. */
  private static int exitCode(Exception e, PrintWriter err) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof ConfigException) {
      // One that concerns a file has a line for each problem, in a form that editors know.
      err.println(message.indexOf('\n') < 0 ? "baton: " + message : message);
      return ExitCode.USAGE;
    }
    err.println("baton: " + message);
    return ExitCode.FAILED;
  }

  static CommandLine commandLine() {
    return commandLine(NAMES);
  }

  private static CommandLine commandLine(List<String> names) {
    CommandLine root = new CommandLine(new Main());
    names.forEach(name -> root.addSubcommand(name, command(name)));
    Failures failures = new Failures();
    return root.setParameterExceptionHandler(failures).setExecutionExceptionHandler(failures);
  }

  private static Class<?> command(String name) {
    return switch (name) {
      case "run" -> RunCommand.class;
      case "restart" -> RestartCommand.class;
      case "rollback" -> RollbackCommand.class;
      case "reload" -> ReloadCommand.class;
      case "scale" -> ScaleCommand.class;
      case "start" -> StartCommand.class;
      case "stop" -> StopCommand.class;
      case "reset" -> ResetCommand.class;
      case "status" -> StatusCommand.class;
      case "logs" -> LogsCommand.class;
      case "rotate" -> RotateCommand.class;
      case "history" -> HistoryCommand.class;
      case "check" -> CheckCommand.class;
      case "audit" -> AuditCommand.class;
      case "diagnose" -> DiagnoseCommand.class;
      case "upgrade" -> UpgradeCommand.class;
      case "doctor" -> DoctorCommand.class;
      case "unit" -> UnitCommand.class;
      case "completion" -> CompletionCommand.class;
      case "self-archive" -> ArchiveCommand.class;
      default -> throw new IllegalArgumentException(name);
    };
  }

  /**
   * Turns exceptions into one line and an exit code. A class with a name: lambdas of Picocli's
   * interfaces would keep it out of the class-data archive.
   */
  private static final class Failures
      implements IParameterExceptionHandler, IExecutionExceptionHandler {
    @Override
    public int handleParseException(ParameterException e, String[] args) {
      CommandLine command = e.getCommandLine();
      PrintWriter err = command.getErr();
      err.println("baton: " + firstLine(e));
      if (!UnmatchedArgumentException.printSuggestions(e, err)) {
        err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
      }
      return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed)
        throws Exception {
      if (e instanceof ConfigException || e instanceof IOException) {
        return exitCode(e, command.getErr());
      }
      throw e; // a bug: with its stack trace
    }

    private static String firstLine(Exception e) {
      return String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong usage");
    }
  }

  /** From the manifest of our jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"baton " + (version == null ? "(from classes)" : version)};
    }
  }
}
