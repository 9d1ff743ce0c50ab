package dev.baton.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.testing.NothingLeft;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The public API in a JVM that no supervisor has started. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class WorkerTest {
  private static int logs;

  @TempDir Path folder = Path.of("");

  private String name = "";
  private Path path = Path.of("");

  /** A log lives as long as the JVM, so each test has its own. */
  @BeforeEach
  void nameTheLog() {
    name = "log-" + logs++;
    path = folder.resolve("deep").resolve(name);
    System.setProperty("baton.log." + name, path.toString());
  }

  @AfterEach
  void forgetTheName() {
    System.clearProperty("baton.log." + name);
  }

  @Test
  void jvmThatNobodySupervisesIsNotSupervised() {
    assertFalse(Worker.attach().isSupervised());
    assertSame(Worker.attach(), Worker.attach());
  }

  @Test
  void whatItSaysIsHeardByNobody() {
    Worker worker = Worker.attach();
    assertEquals("", worker.service());
    assertEquals(0, worker.generation());
    assertEquals(0, worker.slot());
    assertEquals("", worker.reason());
    worker.status("warming caches");
    worker.status("");
    worker.ready();

    IllegalStateException twice = assertThrows(IllegalStateException.class, worker::ready);
    assertEquals(
        "ready() was called before; call it once, where the last thing is ready",
        twice.getMessage());
  }

  @Test
  void withoutASupervisorItIsSwitchedOnAndDoesNotDrain() throws Exception {
    BlockingQueue<Boolean> told = new LinkedBlockingQueue<>();
    Worker worker = Worker.attach();

    worker.onSwitch(
        on -> {
          told.add(on);
          throw new IllegalStateException("a handler's own fault");
        });
    worker.onSwitch(told::add);

    assertEquals(true, told.take());
    assertEquals(true, told.take());
    assertFalse(worker.isDraining());
  }

  @ParameterizedTest
  @ValueSource(strings = {"two\nlines", "one\n", "a\rb"})
  void statusIsOneLine(String text) {
    assertThrows(IllegalArgumentException.class, () -> Worker.attach().status(text));
  }

  @Test
  void fileIsMadeAndAppendedTo() throws Exception {
    Files.createDirectories(path.getParent());
    Files.writeString(path, "earlier\n");

    LogFile log = Worker.attach().logFile(name);
    write(log.stream(), "one\n");
    write(log.stream(), "two\n");

    assertEquals("earlier\none\ntwo\n", Files.readString(path));
    assertSame(log, Worker.attach().logFile(name));
    assertEquals(name, log.name());
  }

  @Test
  void fileThatCannotBeOpenedIsAnErrorUntilItCan() throws Exception {
    Files.createDirectories(path); // a folder where the file should be

    assertThrows(IOException.class, () -> Worker.attach().logFile(name));
    Files.delete(path);
    write(Worker.attach().logFile(name).stream(), "now\n");

    assertEquals("now\n", Files.readString(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "../passwd", "a/b", "a b", "a.b", "a\n", "\0"})
  void nameThatIsNoNameIsRefused(String bad) {
    assertThrows(IllegalArgumentException.class, () -> Worker.attach().logFile(bad));
  }

  @Test
  void closedStreamIsClosedForItsUserOnly() throws Exception {
    LogFile log = Worker.attach().logFile(name);
    OutputStream closed = log.stream();
    OutputStream open = log.stream();

    closed.close();
    closed.close();

    assertThrows(IOException.class, () -> closed.write('x'));
    assertThrows(IOException.class, () -> write(closed, "x"));
    write(open, "one\n");
    open.write('2');
    write(log.stream(), "\n");
    assertEquals("one\n2\n", Files.readString(path));
  }

  @Test
  void closedChannelIsClosedForItsUserOnly() throws Exception {
    LogFile log = Worker.attach().logFile(name);
    FileChannel closed = log.channel();

    closed.close();

    assertThrows(ClosedChannelException.class, () -> closed.write(bytes("x")));
    assertThrows(ClosedChannelException.class, closed::size);
    log.channel().write(bytes("one\n"));
    assertEquals("one\n", Files.readString(path));
  }

  @Test
  void interruptedThreadWritesAndClosesNothing() throws Exception {
    LogFile log = Worker.attach().logFile(name);
    FileChannel channel = log.channel();
    Thread.currentThread().interrupt();
    try {
      channel.write(bytes("one\n"));
      channel.write(new ByteBuffer[] {bytes("two"), bytes("\n")});
      assertEquals(8, channel.size());
      write(log.stream(), "three\n");
    } finally {
      assertTrue(Thread.interrupted());
    }

    assertTrue(channel.isOpen());
    assertEquals("one\ntwo\nthree\n", Files.readString(path));
  }

  @Test
  void channelTakesEveryKindOfBuffer() throws Exception {
    FileChannel channel = Worker.attach().logFile(name).channel();
    ByteBuffer direct = ByteBuffer.allocateDirect(4).put(bytes("one\n")).flip();
    ByteBuffer slice = bytes("__two\n__").position(2).limit(6).slice();
    ByteBuffer readOnly = bytes("3\n").asReadOnlyBuffer();

    assertEquals(4, channel.write(direct));
    assertEquals(4, channel.write(slice));
    assertEquals(2, channel.write(readOnly));
    assertEquals(0, channel.write(readOnly));
    ByteBuffer[] several = {bytes("not"), bytes("fo"), bytes("ur\n"), bytes("not")};
    assertEquals(5, channel.write(several, 1, 2));

    assertEquals("one\ntwo\n3\nfour\n", Files.readString(path));
    assertEquals(
        List.of(0, 0, 0, 0),
        List.of(
            direct.remaining(), slice.remaining(), readOnly.remaining(), several[2].remaining()));
    assertEquals(List.of(3, 3), List.of(several[0].remaining(), several[3].remaining()));
  }

  @Test
  void channelOnlyAppends() throws Exception {
    FileChannel channel = Worker.attach().logFile(name).channel();
    write(Worker.attach().logFile(name).stream(), "one\n");

    channel.position(0).write(bytes("two\n"));
    channel.write(bytes("three\n"), 0);
    byte[] much = new byte[20_000];
    assertEquals(
        19_999,
        channel.transferFrom(Channels.newChannel(new ByteArrayInputStream(much)), 0, 19_999));
    channel.force(true);

    assertTrue(Files.readString(path).startsWith("one\ntwo\nthree\n"));
    assertEquals(14 + 19_999, Files.size(path));
    assertEquals(14 + 19_999, channel.position());
    assertThrows(NonReadableChannelException.class, () -> channel.read(ByteBuffer.allocate(1)));
    assertThrows(UnsupportedOperationException.class, () -> channel.truncate(0));
    assertThrows(UnsupportedOperationException.class, channel::tryLock);
  }

  private static void write(OutputStream stream, String text) throws IOException {
    stream.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
