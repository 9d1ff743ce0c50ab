package dev.baton.supervisor.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.baton.testing.NothingLeft;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Against a journal that only listens. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class JournalSocketTest {
  private static final String HEADER = "web.g3/1\n\n6\n0\n0\n0\n0\n";

  @TempDir private Path folder = Path.of("");

  private Path path = Path.of("");
  private final ServerSocketChannel journal;

  JournalSocketTest() throws IOException {
    journal = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
  }

  @BeforeEach
  void listen() throws IOException {
    path = folder.resolve("stdout");
    journal.bind(UnixDomainSocketAddress.of(path), 1);
  }

  @AfterEach
  void close() throws IOException {
    journal.close();
  }

  @Test
  void linesOfAChildFollowTheHeader() throws Exception {
    JournalSocket socket = JournalSocket.connect(path, "web.g3/1", false);
    try (SocketChannel stream = journal.accept()) {
      Process child =
          new ProcessBuilder("sh", "-c", "echo hello").redirectOutput(socket.redirect()).start();
      child.waitFor();
      socket.close();

      assertEquals(HEADER + "hello\n", readAll(stream));
    }
  }

  @Test
  void linesOfStderrAreErrors() throws Exception {
    JournalSocket socket = JournalSocket.connect(path, "web.g3/1", true);
    try (SocketChannel stream = journal.accept()) {
      socket.close();

      assertEquals("web.g3/1\n\n3\n0\n0\n0\n0\n", readAll(stream));
    }
  }

  @Test
  void streamGoesOnWhenWeHaveDroppedIt() throws Exception {
    JournalSocket socket = JournalSocket.connect(path, "web.g3/1", false);
    try (SocketChannel stream = journal.accept()) {
      Process child =
          new ProcessBuilder("sh", "-c", "read go; echo hello")
              .redirectOutput(socket.redirect())
              .start();
      socket.close();
      assertEquals(HEADER, read(stream, HEADER.length()));
      assertOpen(stream);

      child.getOutputStream().close();

      assertEquals("hello\n", readAll(stream));
      child.waitFor();
    }
  }

  @Test
  void streamGoesOnWhenTheChildIsGone() throws Exception {
    JournalSocket socket = JournalSocket.connect(path, "web.g3/1", false);
    try (SocketChannel stream = journal.accept()) {
      new ProcessBuilder("true").redirectOutput(socket.redirect()).start().waitFor();
      assertEquals(HEADER, read(stream, HEADER.length()));
      assertOpen(stream);

      socket.close();

      assertEquals("", readAll(stream));
    }
  }

  @Test
  void hostWithoutAJournalIsToldWhatToDo() throws Exception {
    Path none = folder.resolve("none");

    ResourceException e =
        assertThrows(ResourceException.class, () -> JournalSocket.connect(none, "web.g3/1", false));

    assertEquals(
        "no system journal at "
            + none
            + ": No such file or directory; start systemd-journald, or let the output go to"
            + " \"file\" or \"inherit\"",
        e.getMessage());
  }

  @Test
  void journalThatHangsDoesNotHoldUs() throws Exception {
    List<JournalSocket> waiting = new ArrayList<>();
    ResourceException e =
        assertThrows(
            ResourceException.class,
            () -> {
              while (waiting.size() < 10) {
                waiting.add(JournalSocket.connect(path, "web.g3/1", false));
              }
            });
    Closing.all(waiting);

    assertEquals(
        "no system journal at "
            + path
            + ": it does not answer; start systemd-journald, or let the output go to \"file\" or"
            + " \"inherit\"",
        e.getMessage());
  }

  private static void assertOpen(SocketChannel stream) throws IOException {
    stream.configureBlocking(false);
    assertEquals(0, stream.read(ByteBuffer.allocate(1)), "neither a byte nor the end");
    stream.configureBlocking(true);
  }

  private static String read(SocketChannel stream, int bytes) throws IOException {
    ByteBuffer read = ByteBuffer.allocate(bytes);
    while (read.hasRemaining() && stream.read(read) >= 0) {}
    return new String(read.array(), 0, read.position(), StandardCharsets.UTF_8);
  }

  /** Until the end, which comes when nobody has the other end open. */
  private static String readAll(SocketChannel stream) throws IOException {
    return read(stream, 1000);
  }
}
