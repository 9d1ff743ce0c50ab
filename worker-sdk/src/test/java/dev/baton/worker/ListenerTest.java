package dev.baton.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.jdk.Descriptors;
import dev.baton.jdk.Sockets;
import dev.baton.testing.NothingLeft;
import java.io.FileDescriptor;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Listeners by name in a JVM that no supervisor has started: it binds for itself. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class ListenerTest {
  private static final String PROPERTY = "baton.listener.http";

  @TempDir Path folder = Path.of("");

  @AfterEach
  void forget() {
    System.clearProperty(PROPERTY);
  }

  private static Listener at(String address) {
    System.setProperty(PROPERTY, address);
    return Worker.attach().listener("http");
  }

  private static int freePort() throws Exception {
    try (ServerSocket any = new ServerSocket(0)) {
      return any.getLocalPort();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "8080, 0.0.0.0/0.0.0.0:8080",
    "*:8080, 0.0.0.0/0.0.0.0:8080",
    "tcp:*:8080, 0.0.0.0/0.0.0.0:8080",
    "127.0.0.1:80, /127.0.0.1:80",
    "tcp:[::1]:80, '/[0:0:0:0:0:0:0:1]:80'",
    "udp:127.0.0.1:53, /127.0.0.1:53"
  })
  void addressIsWrittenAsInTheConfiguration(String text, String address) {
    assertEquals(address, at(text).address().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "http", "0", "65536", "99999999999", "localhost", "::1:80"})
  void whatIsNoAddressIsRefused(String text) {
    String words = assertThrows(IllegalArgumentException.class, () -> at(text)).toString();
    assertTrue(words.contains("'" + text + "' is no address for the listener http"), words);
  }

  @Test
  void nobodyKnowsIt() {
    assertEquals(
        "no address for the listener 'http';"
            + " start this JVM with -Dbaton.listener.http=127.0.0.1:8080",
        assertThrows(IllegalArgumentException.class, () -> Worker.attach().listener("http"))
            .getMessage());
    assertEquals(8080, Worker.attach().listener("http", "8080").inetAddress().getPort());
    at("8081");
    assertEquals(8081, Worker.attach().listener("http", "8080").inetAddress().getPort());
  }

  @Test
  void channelAcceptsAndIsTheCallersToClose() throws Exception {
    Listener http = at("127.0.0.1:" + freePort());
    try (ServerSocketChannel channel = http.channel();
        Socket client = new Socket()) {
      client.connect(http.address());
      channel.accept().close();
      assertEquals(http.address(), channel.getLocalAddress());
      assertThrows(BindException.class, http::socket);
    }
    http.socket().close();
  }

  @Test
  void unixSocketIsAChannelOnly() throws Exception {
    Listener unix = at("unix:" + folder.resolve("app.sock"));
    try (ServerSocketChannel channel = unix.channel()) {
      assertEquals(
          UnixDomainSocketAddress.of(folder.resolve("app.sock")), channel.getLocalAddress());
    }
    assertThrows(IllegalStateException.class, unix::socket);
    assertThrows(IllegalStateException.class, unix::datagram);
    assertThrows(IllegalStateException.class, unix::inetAddress);
  }

  @Test
  void datagramsAreForADatagramChannelOnly() throws Exception {
    Listener dns = at("udp:127.0.0.1:" + freePort());
    try (DatagramChannel channel = dns.datagram()) {
      InetSocketAddress bound = (InetSocketAddress) channel.getLocalAddress();
      assertEquals(InetAddress.getLoopbackAddress(), bound.getAddress());
    }
    assertThrows(IllegalStateException.class, dns::channel);
    assertThrows(IllegalStateException.class, dns::socket);
  }

  @Test
  void numberIsOfAListeningSocketThatDoesNotBlock() throws Exception {
    Listener http = at("127.0.0.1:" + freePort());
    int number = http.fd();
    FileDescriptor socket = Descriptors.of(number);
    try (Socket client = new Socket()) {
      client.connect(http.address());
      assertTrue(Sockets.isListening(socket));
      assertEquals(http.address(), Sockets.localAddress(socket));
      assertTrue((flags(number) & 04000) != 0, "O_NONBLOCK");
      assertEquals(number, at("127.0.0.1:" + http.inetAddress().getPort()).fd());
      assertThrows(BindException.class, http::channel);
    } finally {
      Descriptors.close(number); // for NothingLeft alone: nobody else may
    }
  }

  @Test
  void numberMayBeOfAUnixSocketOrForDatagrams() throws Exception {
    Listener unix = at("unix:" + folder.resolve("fd.sock"));
    Listener dns = at("udp:127.0.0.1:" + freePort());
    int stream = unix.fd();
    int datagrams = dns.fd();
    try {
      assertTrue(Sockets.isListening(Descriptors.of(stream)));
      assertEquals(unix.address(), Sockets.localAddress(Descriptors.of(stream)));
      assertFalse(Sockets.isStream(Descriptors.of(datagrams)));
      assertEquals(dns.address(), Sockets.localAddress(Descriptors.of(datagrams)));
    } finally {
      Descriptors.close(stream);
      Descriptors.close(datagrams);
    }
  }

  /** What happens in a JVM without an agent, which may look into the channel. */
  @Test
  void numberIsFoundAmongOthers() throws Exception {
    try (ServerSocketChannel before = at("127.0.0.1:" + freePort()).channel();
        ServerSocketChannel channel = at("127.0.0.1:" + freePort()).channel();
        ServerSocketChannel after = at("127.0.0.1:" + freePort()).channel()) {
      after.configureBlocking(false);

      assertEquals(Descriptors.number(Descriptors.of(channel)), ListeningDescriptors.find(channel));
      assertEquals(Descriptors.number(Descriptors.of(after)), ListeningDescriptors.find(after));
      assertTrue(before.isBlocking() && channel.isBlocking());
      assertFalse(after.isBlocking());
    }
  }

  private static int flags(int number) throws Exception {
    String details = Files.readString(Path.of("/proc/self/fdinfo/" + number));
    String flags = details.lines().filter(line -> line.startsWith("flags:")).findFirst().orElse("");
    return Integer.parseInt(flags.substring("flags:".length()).strip(), 8);
  }
}
