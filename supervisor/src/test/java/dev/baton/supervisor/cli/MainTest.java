package dev.baton.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Wrong usage: exit 2, and the one line that helps. */
final class MainTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "restrat                       | Did you mean: baton restart",
        "run                           | name the COMMAND that starts a worker",
        "run -f baton.toml -- java     | either a COMMAND or -f FILE",
        "run -f /nowhere/baton.toml    | there is no such file",
        "run --wrokers 2 -- java       | Unknown option: '--wrokers'",
        "run --workers two -- java     | 'two' is not an int",
        "run --workers 0 -- java       | --workers must be 1 or more, not 0",
        "run --backlog -1 -- java      | --backlog must be 1 or more, not -1",
        "run --listen 99999 -- java    | port 99999 in '99999' is not between 1 and 65535",
        "run --listen localhost:1 -- x | write 8080, 127.0.0.1:8080 or [::1]:8080",
        "run --probe ftp -- java       | 'ftp' is no probe; write none, tcp, worker, http:/health",
        "run --linger 5 -- java        | '5'",
        "run --output pipe -- java     | 'pipe' is no --output; write file, inherit or journal",
        "run --name a/b -- java        | 'a/b' is no name",
        "status --jsno                 | Unknown option: '--jsno'",
        "scale web                     | Missing required parameter: 'N'",
        "scale web many                | 'many' is not an int",
        "logs web -n many              | 'many' is not a long",
        "logs --generation two         | 'two' is not an int",
        "unit -f /nowhere/baton.toml   | there is no such file",
        "unit a/b                      | NAME 'a/b' is no name",
        "unit --user a/b               | --user 'a/b' is no name",
        "reload one two                | Unmatched argument at index 2: 'two'"
      })
  void wrongUsageIsOneLineThatHelps(String arguments, String expected) {
    StringWriter err = new StringWriter();

    int exit = commandLine(err).execute(arguments.trim().split("\\s+"));

    assertEquals(2, exit);
    assertTrue(err.toString().contains(expected), err.toString());
    assertTrue(err.toString().lines().count() <= 2, err.toString());
    assertTrue(err.toString().startsWith("baton: "), err.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "run --help",
        "restart --help",
        "status --help",
        "stop --help",
        "logs --help",
        "unit --help"
      })
  void helpIsEverywhere(String arguments) {
    StringWriter out = new StringWriter();

    int exit = Main.commandLine().setOut(new PrintWriter(out)).execute(arguments.split(" "));

    assertEquals(0, exit);
    assertTrue(out.toString().contains("Usage: baton"), out.toString());
  }

  @Test
  void versionIsOneLine() {
    StringWriter out = new StringWriter();

    assertEquals(0, Main.commandLine().setOut(new PrintWriter(out)).execute("--version"));

    assertTrue(out.toString().startsWith("baton "), out.toString());
  }

  private static CommandLine commandLine(StringWriter err) {
    return Main.commandLine().setErr(new PrintWriter(err, true));
  }
}
