package dev.baton.supervisor.cli;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.LogConfig;
import dev.baton.supervisor.control.ControlConnection;
import dev.baton.supervisor.control.ExitCode;
import dev.baton.supervisor.logs.LogFollower;
import dev.baton.supervisor.logs.LogPlace;
import dev.baton.supervisor.logs.LogQuery;
import dev.baton.supervisor.logs.LogReader;
import dev.baton.supervisor.resource.StateDirectory;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what workers have written, and what they write. Reads the files itself. */
@Command(
    name = "logs",
    description = {
      "Show what the workers have written, archives included, and follow it across",
      "rotations. Lines that begin with '=== baton ' are marks: they tell which worker",
      "was started, serves, drains or is gone from there on.",
      ""
    },
    sortOptions = false,
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class LogsCommand extends SupervisorCommand {
  private static final long SOME = 50;
  private static final int BUFFER_BYTES = 64 * 1024;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with what is written, until Ctrl-C.")
  private boolean follow;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      description = {
        "The last N lines of each log. Default: all to a file or pipe, and with --since",
        "or --generation; 50 to a terminal, and with -f."
      })
  private @Nullable Long lines;

  @Option(
      names = "--generation",
      paramLabel = "G",
      description = "Only what was written while a worker of this generation ran.")
  private int generation;

  @Option(
      names = "--since",
      paramLabel = "T",
      description = {
        "From the last mark before T on: 10m or 2h ago, 04:00 today, 2026-11-25,",
        "2026-11-25T04:00:00Z. Marks have a time, lines have none that we know."
      })
  private @Nullable String since;

  @Option(
      names = "--log",
      paramLabel = "NAME",
      defaultValue = LogConfig.OUTPUT,
      description = {
        "Which log: output, error where that is separate, or one that the configuration",
        "names. Default: ${DEFAULT-VALUE}."
      })
  private String log = LogConfig.OUTPUT;

  @Option(names = "--no-marks", description = "Leave out the marks.")
  private boolean noMarks;

  @Parameters(
      arity = "0..*",
      paramLabel = "SERVICE",
      description = {
        "Whose: SERVICE, SUPERVISOR/SERVICE, or SUPERVISOR for all of it. Those of a",
        "supervisor that is gone are found if they are where they are by default."
      })
  private List<String> services = new ArrayList<>();

  private final OutputStream out;

  LogsCommand() {
    this(new FileOutputStream(FileDescriptor.out));
  }

  /**
   * The same.
   *
   * @param out for lines, as the bytes they are
   */
  LogsCommand(OutputStream out) {
    this.out = new Reader(out);
  }

  @Override
  List<String> named() {
    return services;
  }

  @Override
  int converse(Target target, ControlConnection connection, Console console)
      throws IOException, ConfigException {
    List<Message> rows = new ArrayList<>();
    connection.send(Message.of(Verb.LOGS));
    var unused = answer(target, connection, rows::add);
    connection.close(); // following may take days
    return show(rows, target, console);
  }

  @Override
  int alone(Target target, Console console) throws IOException, ConfigException {
    Path state = StateDirectory.of(target.supervisor(), System.getenv()).path();
    Path folder = state.resolve("logs");
    if (!Files.isDirectory(folder)) {
      return super.alone(target, console);
    }
    String note =
        "baton: " + target.supervisor() + " is not running; what it has left in " + folder;
    console.err().println(note);
    console.err().flush();
    return show(LeftLogs.in(folder), target, console);
  }

  /** Of all these logs those that are asked for. */
  int show(List<Message> rows, Target target, Console console) throws IOException, ConfigException {
    LogQuery query = query();
    List<LogPlace> places = new ArrayList<>();
    List<String> unknown = new ArrayList<>(target.services());
    List<String> known = new ArrayList<>();
    for (Message row : rows) {
      String service = row.text("service");
      known.add(service + " " + row.text("name"));
      if (row.text("name").equals(log)
          && (target.services().isEmpty() || target.services().contains(service))) {
        unknown.remove(service);
        places.add(new LogPlace(service, Path.of(row.text("path"))));
      }
    }
    if (places.isEmpty() || !unknown.isEmpty()) {
      throw new IOException(
          "no log "
              + log
              + (unknown.isEmpty() ? "" : " of " + String.join(", ", unknown))
              + (known.isEmpty() ? ", nor any other" : "; there are: " + String.join(", ", known)));
    }
    try {
      return show(places, query, console);
    } catch (GoneException e) {
      return ExitCode.OK; // whoever has read us has read enough
    }
  }

  private LogQuery query() throws ConfigException {
    Instant from =
        since == null ? null : Since.parse(since, ZonedDateTime.now(ZoneId.systemDefault()));
    if ((lines != null && lines < 0) || generation < 0) {
      throw new ConfigException("--lines and --generation are no less than 0");
    }
    boolean isSelected = from != null || generation > 0;
    boolean isShort = follow || Terminal.of(System.getenv()).live();
    long otherwise = isShort && !isSelected ? SOME : LogQuery.ALL;
    return new LogQuery(lines == null ? otherwise : lines, generation, from, !noMarks);
  }

  private int show(List<LogPlace> places, LogQuery query, Console console)
      throws IOException, ConfigException {
    for (LogPlace place : places) {
      if (generation > 0 && !log.equals(LogConfig.OUTPUT) && !place.isPerWorker()) {
        throw new ConfigException(
            "who wrote which line of "
                + place.path()
                + " is not known: marks are in the log output only; without --generation, or with"
                + " {worker} in its path");
      }
    }
    if (follow) {
      return follow(places, query);
    }
    List<String> problems = new ArrayList<>();
    for (LogPlace place : places) {
      try {
        LogReader.show(place, query, out);
      } catch (GoneException e) {
        throw e;
      } catch (IOException e) {
        problems.add("cannot read the log " + log + " of " + place.service() + ": " + reason(e));
      }
    }
    if (problems.size() < places.size()) {
      return ExitCode.OK;
    }
    problems.forEach(problem -> console.err().println("baton: " + problem));
    return ExitCode.FAILED;
  }

  private int follow(List<LogPlace> places, LogQuery query) throws IOException {
    try (LogFollower follower = LogFollower.start(() -> places, query, out, BUFFER_BYTES)) {
      follower.follow();
    } catch (AccessDeniedException e) {
      throw new IOException("cannot read the log " + log + ": " + reason(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.OK;
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return e.getMessage() + ": permission denied";
    }
    return e instanceof NoSuchFileException
        ? e.getMessage() + " is not there"
        : String.valueOf(e.getMessage());
  }

  /** Nobody reads what we print any more. */
  private static final class GoneException extends IOException {
    private static final long serialVersionUID = 1L;

    GoneException(IOException cause) {
      super(cause);
    }
  }

  /** Tells its own failures from those of the files. */
  private static final class Reader extends OutputStream {
    private final OutputStream out;

    Reader(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        out.write(bytes, from, length);
      } catch (IOException e) {
        throw new GoneException(e);
      }
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }
}
