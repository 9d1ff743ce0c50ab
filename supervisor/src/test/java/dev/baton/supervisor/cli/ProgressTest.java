package dev.baton.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.protocol.Frame;
import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.control.ControlConnection;
import dev.baton.testing.NothingLeft;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a supervisor says over a real connection, as each of the views shows it. */
@ExtendWith(NothingLeft.class)
@Timeout(30)
final class ProgressTest {
  private static final Message READY =
      Message.of(Verb.PROGRESS)
          .with("worker", "shop.g2/0")
          .with("state", "ready")
          .with("pid", 4711)
          .with("reason", "accepts \"connections\"")
          .with("nanos", 470_000_000);
  private static final Message OUTPUT = Message.of(Verb.OUTPUT).with("line", "cannot open db");
  private static final Message DONE =
      Message.of(Verb.RESULT)
          .with("code", 0)
          .with("reason", "generation 2 serves")
          .with("nanos", 1_250_000_000);
  private static final Message FAILED =
      Message.of(Verb.RESULT)
          .with("code", 1)
          .with("reason", "shop.g2/0 exited with 1")
          .with("service", "shop");

  @TempDir private Path folder = Path.of("");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void pipeGetsALineForEachChange() throws Exception {
    assertEquals(0, show(plain(), READY, DONE));

    assertEquals(
        """
           470 ms  shop.g2/0      ready     pid 4711    accepts "connections"
        shop: generation 2 serves after 1.25 s
        """,
        out.toString());
    assertEquals("", err.toString());
  }

  @Test
  void failureGoesToStandardErrorWithTheLastLines() throws Exception {
    assertEquals(1, show(plain(), OUTPUT, FAILED));

    assertEquals("", out.toString());
    assertEquals(
        """
          | cannot open db
        baton: shop: shop.g2/0 exited with 1; what served before still serves
        """,
        err.toString());
  }

  @Test
  void supervisorThatDiesIsAFailure() throws Exception {
    assertEquals(1, show(plain(), READY));

    assertEquals("baton: shop ended before it gave an answer\n", err.toString());
  }

  @Test
  void supervisorThatDoesNotUnderstandIsAFailure() throws Exception {
    assertEquals(1, show(plain(), Message.of(Verb.NOT_UNDERSTOOD).with("verb", "RESTART")));

    assertTrue(err.toString().contains("shop does not understand"), err.toString());
  }

  @Test
  void programGetsAnObjectForEachMessage() throws Exception {
    assertEquals(1, show(new JsonView(new PrintWriter(out)), READY, OUTPUT, FAILED));

    assertEquals(
        """
        {"type": "progress", "worker": "shop.g2/0", "state": "ready", "pid": 4711, \
        "reason": "accepts \\"connections\\"", "nanos": 470000000}
        {"type": "output", "line": "cannot open db"}
        {"type": "result", "code": 1, "reason": "shop.g2/0 exited with 1", "service": "shop"}
        """,
        out.toString());
  }

  @Test
  void programGetsAResultEvenWhenTheSupervisorDies() throws Exception {
    assertEquals(1, show(new JsonView(new PrintWriter(out))));

    assertEquals(
        "{\"type\": \"result\", \"code\": 1, \"reason\": \"ended before it gave an answer\"}\n",
        out.toString());
  }

  @Test
  void terminalIsLeftWithTheFinalState() throws Exception {
    assertEquals(0, show(live(), READY, DONE));

    String text = out.toString();
    String last = text.substring(text.lastIndexOf("\033[?7l"));
    assertTrue(last.contains("• shop.g2/0"), last);
    assertTrue(last.endsWith("✔ shop: generation 2 serves after 1.25 s\n"), last);
    assertFalse(last.contains("waiting"), last);
  }

  @Test
  void terminalThatSawAFailureHasItBelowThePicture() throws Exception {
    assertEquals(1, show(live(), READY, OUTPUT, FAILED));

    assertEquals(
        """
          | cannot open db
        baton: shop: shop.g2/0 exited with 1; what served before still serves
        """,
        err.toString());
  }

  @Test
  void cursorAndWrappingAreOnAfterEveryFrame() throws Exception {
    show(live(), READY, DONE);

    for (String frame : out.toString().split("\033\\[\\?25l", -1)) {
      assertTrue(frame.isEmpty() || frame.contains("\033[?7h\033[?25h"), frame);
    }
  }

  @Test
  void drawsNoMoreThanTenTimesASecond() throws Exception {
    long start = System.nanoTime();
    try (ProgressView view = live()) {
      view.progress(READY);
      while (frames() < 4) {
        Thread.onSpinWait();
      }
    }

    assertTrue(System.nanoTime() - start >= 3 * LiveFrame.TICK_NANOS);
  }

  @Test
  void viewIsChosenByWhoLooks() {
    Console console = new Console(new PrintWriter(out), new PrintWriter(err));

    assertTrue(ProgressView.choose("a", true, Map.of(), console) instanceof JsonView);
    assertTrue(ProgressView.choose("a", false, Map.of(), console) instanceof PlainView);
  }

  private PlainView plain() {
    return new PlainView("shop", new PrintWriter(out), new PrintWriter(err));
  }

  private LiveView live() {
    Terminal terminal = new Terminal(true, 80, 24, false, true);
    return LiveView.start("shop", terminal, new PrintWriter(out), plain());
  }

  private int frames() {
    return out.toString().split("\033\\[\\?25l", -1).length - 1;
  }

  /** Lets a supervisor say all this and go. */
  private int show(ProgressView view, Message... messages) throws IOException {
    Path path = folder.resolve("control.sock");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      try (ControlConnection command = ControlConnection.connect(path)) {
        try (SocketChannel supervisor = server.accept()) {
          for (Message message : List.of(messages)) {
            supervisor.write(ByteBuffer.wrap(Frame.encode(message)));
          }
        }
        return Progress.show(command, view);
      }
    }
  }
}
