package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.channel.Connection;
import dev.baton.channel.Connection.Received;
import dev.baton.channel.Endpoint;
import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.resource.RunDirectory;
import dev.baton.testing.NothingLeft;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, who is not, and that neither leaves anything. */
@ExtendWith(NothingLeft.class)
@Timeout(30)
final class AttachServerTest {
  private static final long SELF = ProcessHandle.current().pid();

  @TempDir private Path folder = Path.of("");

  private final Tokens<String> tokens = new Tokens<>(Tokens.newKey());
  private final Events events = new Events();
  private Path path = Path.of("");
  private AttachServer<String> server = unset();

  @SuppressWarnings("NullAway") // set before each test
  private static AttachServer<String> unset() {
    return null;
  }

  /** Writes down what happens, and does with the connection what the loop does at the end. */
  private static final class Events implements AttachServer.Events<String> {
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    @Override
    public void attached(String worker, long pid, boolean again, Connection connection) {
      seen.add((again ? "attached again " : "attached ") + worker + " " + (pid == SELF));
      connections.add(connection);
      try {
        connection.send(Message.of(Verb.PING)); // an order at once must not be before the welcome
      } catch (IOException e) {
        // It is gone already.
      }
    }

    private final BlockingQueue<Connection> connections = new LinkedBlockingQueue<>();

    @Override
    public void received(String worker, Received received) {
      received.closeDescriptors();
      seen.add("received " + received.message().verb());
    }

    @Override
    public void detached(String worker, Connection connection) {
      seen.add("detached " + worker);
      try {
        connections.remove().close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private String next() throws InterruptedException {
      return Objects.requireNonNull(seen.poll(20, TimeUnit.SECONDS));
    }
  }

  @BeforeEach
  void start() throws IOException {
    path = folder.resolve("attach.sock");
    long own = RunDirectory.uid();
    server = AttachServer.start(path, tokens, uid -> uid == own, events);
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    assertEquals(0, events.seen.size(), () -> events.seen.toString());
    assertTrue(Files.notExists(path));
  }

  @Test
  void workerWithItsTokenIsWelcome() throws Exception {
    try (Connection worker = hello(token("w"), 1)) {
      assertEquals("w", answer(worker).text("worker"));
      worker.send(Message.of(Verb.LISTENING));

      assertEquals("attached w true", events.next());
      assertEquals("received LISTENING", events.next());
    }
    assertEquals("detached w", events.next());
  }

  @Test
  void workerComesAgainWithItsIdentityAsOftenAsItLikes() throws Exception {
    String identity;
    try (Connection worker = hello(token("w"), 2)) {
      identity = answer(worker).text("identity");
      assertEquals("attached w true", events.next());
    }
    assertEquals("detached w", events.next());

    for (int i = 0; i < 2; i++) {
      try (Connection worker = again(identity)) {
        assertEquals(identity, answer(worker).text("identity"));
        assertEquals("attached again w true", events.next());
      }
      assertEquals("detached w", events.next());
    }

    tokens.forget("w");
    try (Connection worker = again(identity)) {
      assertTrue(answer(worker).is(Verb.REFUSED));
    }
  }

  @Test
  void workerOfTheVersionBeforeGetsNoIdentity() throws Exception {
    try (Connection worker = hello(token("w"), 1)) {
      assertFalse(answer(worker).has("identity"));
      assertEquals("attached w true", events.next());
    }
    assertEquals("detached w", events.next());
  }

  @Test
  void newerWorkerIsAnsweredInOurVersion() throws Exception {
    try (Connection worker = hello(token("w"), 7)) {
      assertEquals("2", answer(worker).text("version"));
      assertEquals("attached w true", events.next());
    }
    assertEquals("detached w", events.next());
  }

  @Test
  void usedAndUnknownTokensAreRefused() throws Exception {
    String token = token("w");
    try (Connection worker = hello(token, 1);
        Connection again = hello("0123456789abcdef", 1)) {
      assertTrue(answer(worker).is(Verb.WELCOME));
      assertTrue(answer(again).is(Verb.REFUSED));
      assertNull(again.receive());
      try (Connection third = hello(token, 1)) {
        assertTrue(answer(third).is(Verb.REFUSED));
      }
      assertEquals("attached w true", events.next());
    }
    assertEquals("detached w", events.next());
  }

  @Test
  void processThatIsNoneOfTheWorkersIsRefused() throws Exception {
    Process other = new ProcessBuilder("sleep", "60").start();
    try {
      String token = tokens.tokenOf("w");
      tokens.expect("w", other.pid());
      try (Connection stranger = hello(token, 1)) {
        assertTrue(answer(stranger).is(Verb.REFUSED));
      }
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  @Test
  void versionThatIsTooOldIsToldSo() throws Exception {
    try (Connection worker = hello(token("w"), 0)) {
      assertEquals("protocol version 0 is too old", answer(worker).text("reason"));
    }
  }

  @Test
  void workerThatDiesRightAfterItsHelloIsSeenToGo() throws Exception {
    for (int i = 0; i < 50; i++) {
      hello(token("w"), 1).close();

      assertEquals("attached w true", events.next());
      assertEquals("detached w", events.next());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "G",
        "GET / HTTP/1.1\r\n\r\n",
        "\0\0\0\5HELLO",
        "\0\0\0\10WELCOME\n",
        "\0\0\0\u0010HELLO\nversion=x\n"
      })
  void whoSpeaksOtherwiseIsSentAwayAndDisturbsNobody(String words) throws Exception {
    try (SocketChannel peer = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      peer.connect(UnixDomainSocketAddress.of(path));
      peer.write(ByteBuffer.wrap(words.getBytes(StandardCharsets.ISO_8859_1)));
      peer.shutdownOutput();
      awaitEnd(peer);
    }
    workerWithItsTokenIsWelcome();
  }

  @Test
  void whoSaysNothingDisturbsNobody() throws Exception {
    try (SocketChannel peer = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      workerWithItsTokenIsWelcome();
      assertTrue(peer.isConnected());
    }
  }

  private static void awaitEnd(SocketChannel peer) throws IOException {
    ByteBuffer answer = ByteBuffer.allocate(1024);
    try {
      while (peer.read(answer) >= 0) {
        answer.clear();
      }
    } catch (SocketException e) {
      // Closed before all of it was read.
    }
  }

  private String token(String worker) {
    tokens.expect(worker, SELF);
    return tokens.tokenOf(worker);
  }

  private Connection hello(String token, int version) throws IOException {
    Connection connection = Endpoint.connect(path);
    connection.send(Message.of(Verb.HELLO).with("version", version).with("token", token));
    return connection;
  }

  private Connection again(String identity) throws IOException {
    Connection connection = Endpoint.connect(path);
    connection.send(Message.of(Verb.HELLO).with("version", 2).with("identity", identity));
    return connection;
  }

  private static Message answer(Connection connection) throws IOException {
    return Objects.requireNonNull(connection.receive()).message();
  }
}
