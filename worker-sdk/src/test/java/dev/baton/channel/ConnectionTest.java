package dev.baton.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.channel.Connection.Received;
import dev.baton.protocol.Message;
import dev.baton.protocol.ProtocolException;
import dev.baton.protocol.Verb;
import dev.baton.testing.NothingLeft;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** Two ends of a real connection, and peers that do not play by the rules. */
@ExtendWith(NothingLeft.class)
@Timeout(30)
@SuppressWarnings("try") // what closing early does is what some of these look at
final class ConnectionTest {
  @TempDir private Path folder = Path.of("");

  private Endpoint endpoint = unset();
  private Path path = Path.of("");

  @SuppressWarnings("NullAway") // set before each test
  private static Endpoint unset() {
    return null;
  }

  @BeforeEach
  void listen() throws IOException {
    path = folder.resolve("s");
    endpoint = Endpoint.listen(path);
  }

  @AfterEach
  void close() throws IOException {
    endpoint.close();
  }

  @Test
  void descriptorsArriveWithTheirOwnMessage() throws Exception {
    try (Connection sender = Endpoint.connect(path);
        Connection receiver = endpoint.accept();
        FileInputStream one = open("one");
        FileInputStream two = open("two")) {
      sender.send(message("a"), one.getFD());
      sender.send(message("b"));
      sender.send(message("c"), two.getFD(), one.getFD());

      Received first = receive(receiver);
      Received second = receive(receiver);
      Received third = receive(receiver);

      assertEquals(message("a"), first.message());
      assertEquals("one", content(first.descriptors().get(0)));
      assertEquals(message("b"), second.message());
      assertTrue(second.descriptors().isEmpty());
      assertEquals(message("c"), third.message());
      assertEquals(2, third.descriptors().size());
      assertEquals("two", content(third.descriptors().get(0)));
    }
  }

  @Test
  void messageOfTheGreatestLengthPassesInBothDirections() throws Exception {
    Message big = message("x".repeat(60_000));
    try (Connection a = Endpoint.connect(path);
        Connection b = endpoint.accept()) {
      a.send(big);
      assertEquals(big, receive(b).message());
      b.send(big);
      assertEquals(big, receive(a).message());
    }
  }

  @Test
  void messageThatIsTooLongIsNotSent() throws Exception {
    try (Connection a = Endpoint.connect(path);
        Connection b = endpoint.accept()) {
      assertThrows(ProtocolException.class, () -> a.send(message("x".repeat(70_000))));
      a.send(message("short"));
      assertEquals(message("short"), receive(b).message());
    }
  }

  @Test
  void endBetweenTwoMessagesIsNoError() throws Exception {
    try (Connection sender = Endpoint.connect(path);
        Connection receiver = endpoint.accept()) {
      sender.send(message("last"));
      sender.close();

      assertEquals(message("last"), receive(receiver).message());
      assertNull(receiver.receive());
    }
  }

  @Test
  void endInTheMiddleOfAMessageIsAnError() throws Exception {
    try (SocketChannel peer = raw();
        Connection receiver = endpoint.accept()) {
      peer.write(ByteBuffer.wrap(new byte[] {0, 0, 0, 9, 'S'}));
      peer.close();

      assertThrows(EOFException.class, receiver::receive);
    }
  }

  @Test
  void lengthOfAGigabyteIsRefusedBeforeItIsAllocated() throws Exception {
    try (SocketChannel peer = raw();
        Connection receiver = endpoint.accept()) {
      peer.write(ByteBuffer.wrap(new byte[] {0x40, 0, 0, 0}));

      ProtocolException e = assertThrows(ProtocolException.class, receiver::receive);
      assertTrue(String.valueOf(e.getMessage()).contains("1073741824 bytes"), e.toString());
    }
  }

  @Test
  void garbageIsRefused() throws Exception {
    try (SocketChannel peer = raw();
        Connection receiver = endpoint.accept()) {
      peer.write(ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));

      assertThrows(ProtocolException.class, receiver::receive);
    }
  }

  @Test
  void descriptorsOfARefusedMessageAreClosed() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "file");
    byte[] noMessage = {0, 0, 0, 2, '?', '\n'};
    try (AFUNIXSocket peer = AFUNIXSocket.connectTo(AFUNIXSocketAddress.of(path));
        Connection receiver = endpoint.accept()) {
      try (FileInputStream open = new FileInputStream(file.toFile())) {
        peer.setOutboundFileDescriptors(open.getFD());
        peer.getOutputStream().write(noMessage);
      }

      assertThrows(ProtocolException.class, receiver::receive);

      assertEquals(0, descriptorsOf(file));
    }
  }

  @Test
  void descriptorsNobodyTookCloseWithTheConnection() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "file");
    try (Connection sender = Endpoint.connect(path);
        Connection receiver = endpoint.accept()) {
      try (FileInputStream open = new FileInputStream(file.toFile())) {
        sender.send(message("fine"), open.getFD());
      }
      receive(receiver);
      assertEquals(1, descriptorsOf(file));

      receiver.close();

      assertEquals(0, descriptorsOf(file));
    }
  }

  @Test
  void peerIsWhoTheKernelSays() throws Exception {
    try (Connection connecting = Endpoint.connect(path);
        Connection accepted = endpoint.accept()) {
      assertEquals(ProcessHandle.current().pid(), accepted.peer().pid());
      assertEquals(Files.getAttribute(path, "unix:uid"), (int) accepted.peer().uid());
      assertEquals(accepted.peer(), connecting.peer());
    }
  }

  @Test
  void pathThatIsTakenIsLeftAlone() throws Exception {
    Path precious = Files.writeString(folder.resolve("precious"), "data");

    assertThrows(FileAlreadyExistsException.class, () -> Endpoint.listen(precious));
    assertThrows(FileAlreadyExistsException.class, () -> Endpoint.listen(path));

    assertEquals("data", Files.readString(precious));
  }

  private static Message message(String text) {
    return Message.of(Verb.STATUS).with("text", text);
  }

  private static Received receive(Connection connection) throws IOException {
    return Objects.requireNonNull(connection.receive());
  }

  private FileInputStream open(String content) throws IOException {
    return new FileInputStream(Files.writeString(folder.resolve(content), content).toFile());
  }

  private static String content(FileDescriptor descriptor) throws IOException {
    try (FileInputStream in = new FileInputStream(descriptor)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private SocketChannel raw() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(path));
    return channel;
  }

  private static long descriptorsOf(Path file) throws IOException {
    long count = 0;
    String[] numbers = Objects.requireNonNull(new java.io.File("/proc/self/fd").list());
    for (String number : numbers) {
      Path link = Path.of("/proc/self/fd", number);
      if (Files.exists(link) && Files.isSameFile(link, file)) {
        count++;
      }
    }
    return count;
  }
}
