package dev.baton.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.baton.protocol.Frame;
import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.control.ControlConnection;
import dev.baton.testing.NothingLeft;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands about logs, with what a supervisor tells them over a real connection. */
@ExtendWith(NothingLeft.class)
@Timeout(30)
final class LogsCommandTest {
  private static final Message OK = Message.of(Verb.RESULT).with("code", 0).with("reason", "");

  @TempDir private Path folder = Path.of("");

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  // logs

  @Test
  void showsTheLogOfEachService() throws Exception {
    write("web.log", "1\n");
    write("api.log", "2\n");

    assertEquals(0, logs(List.of(), row("web", "output"), row("api", "output"), OK));

    assertEquals("1\n2\n", shown());
  }

  @Test
  void showsOneServiceAndOneLog() throws Exception {
    write("web.log", "1\n");
    write("web-access.log", "2\n");
    Message[] rows = {row("web", "output"), named("web", "access"), row("api", "output"), OK};

    assertEquals(0, logs(List.of("web"), rows));
    assertEquals("1\n", shown());
    assertEquals(0, logs(List.of("web", "--log", "access"), rows));
    assertEquals("2\n", shown());
    assertEquals(0, logs(List.of("--log", "access", "-n", "0"), rows));
    assertEquals("", shown());
  }

  @Test
  void unknownServiceOrLogIsToldWhichThereAre() throws Exception {
    Message[] rows = {row("web", "output"), named("web", "access"), row("api", "output"), OK};

    assertEquals(
        "no log output of wbe; there are: web output, web access, api output",
        problem(List.of("wbe"), rows));
    assertEquals(
        "no log access of api; there are: web output, web access, api output",
        problem(List.of("web", "api", "--log", "access"), rows));
    assertEquals(
        "no log acces; there are: web output, web access, api output",
        problem(List.of("--log", "acces"), rows));
    assertEquals("no log output, nor any other", problem(List.of(), OK));
  }

  @Test
  void logThatIsNotThereIsOneLine() throws Exception {
    assertEquals(1, logs(List.of(), row("web", "output"), OK));

    assertEquals(
        "baton: cannot read the log output of web: "
            + folder.resolve("web.log")
            + " is not there\n",
        err.toString());
  }

  @Test
  void oneOfSeveralMayBeMissing() throws Exception {
    write("web.log", "1\n");

    assertEquals(0, logs(List.of(), row("api", "output"), row("web", "output"), OK));

    assertEquals("1\n", shown());
    assertEquals("", err.toString());
  }

  @Test
  void generationNeedsMarks() throws Exception {
    String problem =
        problem(List.of("--log", "access", "--generation", "2"), named("web", "access"), OK);

    assertTrue(problem.contains("marks are in the log output only"), problem);
    assertEquals(
        "--lines and --generation are no less than 0",
        problem(List.of("-n", "-1"), row("web", "output"), OK));
  }

  @Test
  void whoReadsUsMayHaveEnough() throws Exception {
    write("web.log", "1\n");
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            throw new IOException("Broken pipe");
          }
        };

    assertEquals(0, ask(new LogsCommand(full), List.of(), row("web", "output"), OK));
    assertEquals(0, ask(new LogsCommand(full), List.of("-f"), row("web", "output"), OK));
    assertEquals("", err.toString());
  }

  @Test
  void olderSupervisorIsNoPuzzle() throws Exception {
    Message answer = Message.of(Verb.NOT_UNDERSTOOD).with("verb", "LOGS");

    assertEquals("shop does not understand this; is it older?", problem(List.of(), answer));
    assertEquals("the supervisor ended before it gave an answer", problem(List.of()));
  }

  @Test
  void logsOfASupervisorThatIsGoneAreFound() throws Exception {
    write("web.log", "1\n");
    write("web.log-20261125T040000.000Z", "0\n");
    write("web-access.log-20261125T040000.000Z.gz", "");
    write("my-api.g1-0.2.log", "2\n");
    write("supervisor.log", "3\n");
    write("notes.txt", "4\n");

    List<Message> rows = LeftLogs.in(folder);

    assertEquals(3, rows.size(), rows.toString());
    assertEquals(row("my-api", "output").with("path", folder.resolve("{worker}.log")), rows.get(0));
    assertTrue(rows.contains(row("web", "output")), rows.toString());
    assertTrue(rows.contains(named("web", "access")), rows.toString());
  }

  // rotate

  @Test
  void rotateTellsWhereTheOldFilesAre() throws Exception {
    Message rotated = row("web", "output").with("archive", "/logs/web.log-20261125T040000.000Z");
    Message fresh = named("web", "access").with("archive", "");

    assertEquals(0, ask(new RotateCommand(), List.of(), rotated, fresh, OK));

    List<String> lines = out.toString().lines().toList();
    assertTrue(lines.get(0).matches("web output (→|->) /logs/web.log-20261125T040000.000Z"));
    assertTrue(lines.get(1).endsWith("web-access.log is new, there was nothing to archive"));
    assertEquals("", err.toString());
  }

  @Test
  void rotateThatFailsSaysWhy() throws Exception {
    Message failed = Message.of(Verb.RESULT).with("code", 1).with("reason", "the disk is full");

    assertEquals(1, ask(new RotateCommand(), List.of("web"), failed));

    assertEquals("baton: shop: the disk is full\n", err.toString());
  }

  @Test
  void programGetsAnObjectForEachLog() throws Exception {
    Message rotated =
        Message.of(Verb.LOG).with("service", "web").with("name", "output").with("path", "/web.log");

    assertEquals(0, ask(new RotateCommand(), List.of("--json"), rotated.with("archive", "/a"), OK));

    assertEquals(
        """
        {"type": "log", "service": "web", "name": "output", "path": "/web.log", "archive": "/a"}
        {"type": "result", "code": 0, "reason": ""}
        """,
        out.toString());
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private String shown() {
    String text = bytes.toString(StandardCharsets.UTF_8);
    bytes.reset();
    return text;
  }

  private Message row(String service, String name) {
    return Message.of(Verb.LOG)
        .with("service", service)
        .with("name", name)
        .with("path", folder.resolve(service + ".log"));
  }

  private Message named(String service, String name) {
    return row(service, name).with("path", folder.resolve(service + "-" + name + ".log"));
  }

  private int logs(List<String> arguments, Message... answers) throws Exception {
    return ask(new LogsCommand(bytes), arguments, answers);
  }

  private String problem(List<String> arguments, Message... answers) {
    try {
      logs(arguments, answers);
      return "";
    } catch (Exception e) {
      assertFalse(e instanceof RuntimeException, e.toString());
      return String.valueOf(e.getMessage());
    }
  }

  /** Lets a supervisor answer all this and go. */
  private int ask(SupervisorCommand command, List<String> arguments, Message... answers)
      throws Exception {
    CommandLine line = new CommandLine(command);
    Console console = new Console(new PrintWriter(out), new PrintWriter(err));
    line.parseArgs(arguments.toArray(new String[0]));
    Target target = new Target("shop", ImmutableList.copyOf(command.named()), null);
    Path path = folder.resolve("control.sock");
    Files.deleteIfExists(path);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      try (ControlConnection connection = ControlConnection.connect(path)) {
        try (SocketChannel supervisor = server.accept()) {
          for (Message answer : answers) {
            supervisor.write(ByteBuffer.wrap(Frame.encode(answer)));
          }
          supervisor.shutdownOutput();
          int exit = command.converse(target, connection, console);
          console.err().flush();
          return exit;
        }
      }
    }
  }
}
