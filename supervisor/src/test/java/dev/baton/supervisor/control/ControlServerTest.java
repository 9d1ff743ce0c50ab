package dev.baton.supervisor.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.core.Outcome;
import dev.baton.supervisor.core.Transition;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.core.WorkerState;
import dev.baton.testing.NothingLeft;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that behave, commands that leave, and what is no command at all. */
@ExtendWith(NothingLeft.class)
@Timeout(30)
final class ControlServerTest {
  private static final long OPERATION = 3;
  private static final WorkerId WORKER = new WorkerId("app", 2, 0, 1);
  private static final Transition READY =
      new Transition(WORKER, WorkerState.READY, 7, "accepts connections", 1_000, 0);

  private static final Outcome SUCCESS =
      new Outcome(OPERATION, "app", true, 2, 2, null, "generation 2 serves", 5, 0, true);
  private static final Outcome FAILURE =
      new Outcome(OPERATION, "app", false, 1, 2, WORKER, "exited with 1", 5, 0, true);

  @TempDir private Path folder = Path.of("");

  private final Loop loop = new Loop();
  private Path path = Path.of("");
  private ControlServer server = unset();

  @SuppressWarnings("NullAway") // set before each test
  private static ControlServer unset() {
    return null;
  }

  /** Lets one restart run at a time. */
  private static final class Loop implements ControlServer.Requests {
    private final AtomicBoolean restarting = new AtomicBoolean();

    @Override
    public void operate(Message request, String user, ControlServer.Reply reply)
        throws IOException {
      if (request.has("strategy")) {
        throw new IOException("there is no such strategy");
      }
      if (restarting.compareAndSet(false, true)) {
        reply.begun(OPERATION, Set.of("app"));
      } else {
        reply.end(ExitCode.BUSY, "a restart is running");
      }
    }

    @Override
    public List<Message> logs(Message request) {
      return List.of(Message.of(Verb.LOG).with("path", "/var/log/app.log"));
    }

    private final CountDownLatch stop = new CountDownLatch(1);

    @Override
    public void stop() {
      stop.countDown();
    }

    @Override
    public List<Message> status() {
      return List.of(Message.of(Verb.SERVICE).with("name", "app"));
    }

    @Override
    public List<Message> history(Message request) {
      return List.of(Message.of(Verb.RECORD).with("line", request.text("most", "")));
    }
  }

  @BeforeEach
  void start() throws IOException {
    path = folder.resolve("control.sock");
    server = ControlServer.start(path, loop);
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    assertFalse(Files.exists(path));
  }

  @Test
  void statusIsRowsAndAResult() throws Exception {
    try (ControlConnection command = ask(Verb.STATUS)) {
      assertEquals("app", next(command).text("name"));
      assertEquals("0", next(command).text("code"));
    }
  }

  @Test
  void restartIsFollowedToItsEnd() throws Exception {
    try (ControlConnection command = ask(Verb.RESTART)) {
      awaitRestart();
      server.announce(READY);
      server.finish(SUCCESS, List.of());

      Message progress = next(command);
      assertEquals("ready", progress.text("state"));
      assertEquals("app.g2/0", progress.text("worker"));
      assertEquals("0", next(command).text("code"));
    }
  }

  @Test
  void failedRestartComesWithTheLastLines() throws Exception {
    try (ControlConnection command = ask(Verb.RESTART)) {
      awaitRestart();
      server.finish(FAILURE, List.of("one=1", "two\\n"));

      assertEquals("one=1", next(command).text("line"));
      assertEquals("two\\n", next(command).text("line"));
      Message result = next(command);
      assertEquals("1", result.text("code"));
      assertEquals("exited with 1", result.text("reason"));
    }
  }

  @Test
  void eachServiceIsToldAndTheWorstCounts() throws Exception {
    try (ControlConnection command = ask(Verb.RESTART)) {
      awaitRestart();
      server.finish(
          new Outcome(OPERATION, "app", false, 1, 2, null, "exited with 1", 5, 0, false),
          List.of());
      server.finish(
          new Outcome(OPERATION, "web", true, 2, 2, null, "generation 2 serves", 5, 0, true),
          List.of());

      Message first = next(command);
      assertTrue(first.is(Verb.OUTCOME));
      assertEquals("app", first.text("service"));
      assertEquals("1", next(command).text("code"));
    }
  }

  @Test
  void requestThatMakesNoSenseIsWrongUsage() throws Exception {
    try (ControlConnection command = ControlConnection.connect(path)) {
      command.send(Message.of(Verb.RESTART).with("strategy", "sideways"));

      Message result = next(command);
      assertEquals("2", result.text("code"));
      assertEquals("there is no such strategy", result.text("reason"));
    }
  }

  @Test
  void historyIsRowsAndAResult() throws Exception {
    try (ControlConnection command = ControlConnection.connect(path)) {
      command.send(Message.of(Verb.HISTORY).with("most", 7));

      assertEquals("7", next(command).text("line"));
      assertEquals("0", next(command).text("code"));
    }
  }

  @Test
  void secondRestartIsToldOfTheFirst() throws Exception {
    try (ControlConnection first = ask(Verb.RESTART)) {
      awaitRestart();
      try (ControlConnection second = ask(Verb.RESTART)) {
        assertEquals("4", next(second).text("code"));
      }
      server.finish(SUCCESS, List.of());
      assertEquals("0", next(first).text("code"));
    }
  }

  @Test
  void commandThatLeftIsForgotten() throws Exception {
    ask(Verb.RESTART).close();
    awaitRestart();
    server.announce(READY); // the first write tells that nobody reads
    server.finish(SUCCESS, List.of());
    statusIsRowsAndAResult();
  }

  @Test
  void stopIsAnsweredWhenAllIsReleased() throws Exception {
    try (ControlConnection command = ask(Verb.STOP)) {
      loop.stop.await();
      server.announce(READY);
      assertEquals("ready", next(command).text("state"));
      server.close();
      server.finishStop();

      assertEquals("0", next(command).text("code"));
    }
  }

  @Test
  void verbOfALaterVersionIsNotUnderstood() throws Exception {
    try (ControlConnection command = ask(Verb.GRANT)) {
      assertTrue(next(command).is(Verb.NOT_UNDERSTOOD));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "GET / HTTP/1.1\r\n\r\n", "\0\0\0\3abc", "\0\0\0\7STATUS\n\0"})
  void whatIsNoCommandDisturbsNobody(String words) throws Exception {
    try (SocketChannel peer = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      peer.write(ByteBuffer.wrap(words.getBytes(StandardCharsets.ISO_8859_1)));
      peer.shutdownOutput();
      statusIsRowsAndAResult();
    }
  }

  /** The command's thread has asked; its feed is filled from then on. */
  private void awaitRestart() {
    while (!loop.restarting.get()) {
      Thread.onSpinWait();
    }
    while (server.waiting() == 0) {
      Thread.onSpinWait();
    }
  }

  private ControlConnection ask(Verb verb) throws IOException {
    ControlConnection command = ControlConnection.connect(path);
    command.send(Message.of(verb));
    return command;
  }

  private static Message next(ControlConnection command) throws IOException {
    return Objects.requireNonNull(command.receive());
  }
}
