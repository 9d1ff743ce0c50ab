package dev.baton.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.testing.NothingLeft;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel makes of these calls, on the JDK that runs the test. */
@ExtendWith(NothingLeft.class)
final class ServerSocketsTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void v6onlySocketLeavesIpv4Alone() throws IOException {
    try (ServerSocketChannel six = ServerSocketChannel.open(StandardProtocolFamily.INET6);
        ServerSocketChannel four = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
      assertFalse(ServerSockets.isV6only(Descriptors.of(six)));

      ServerSockets.v6only(Descriptors.of(six), true);
      six.bind(null);

      assertTrue(ServerSockets.isV6only(Descriptors.of(six)));
      int port = ((InetSocketAddress) six.getLocalAddress()).getPort();
      four.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
    }
  }

  @Test
  void v6onlyComesTooLateForABoundSocket() throws IOException {
    try (ServerSocketChannel six = ServerSocketChannel.open(StandardProtocolFamily.INET6)) {
      six.bind(null);

      assertThrows(IOException.class, () -> ServerSockets.v6only(Descriptors.of(six), true));
    }
  }

  @Test
  void boundPathRefusesClientsUntilItListens() throws IOException {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      FileDescriptor socket = Descriptors.of(server);

      ServerSockets.bind(socket, address.getPath());
      assertThrows(IOException.class, () -> SocketChannel.open(address).close());

      ServerSockets.listen(socket, 1);
      SocketChannel.open(address).close();
      assertEquals(address, Sockets.localAddress(socket));
    }
  }

  @Test
  void tellsWhetherAnybodyWaitsToBeAccepted() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      FileDescriptor socket = Descriptors.of(server);
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      assertFalse(ServerSockets.isAnybodyWaiting(socket));

      try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
        assertTrue(client.isConnected());
        assertTrue(ServerSockets.isAnybodyWaiting(socket));
        server.accept().close();
        assertFalse(ServerSockets.isAnybodyWaiting(socket));
      }
    }
  }

  @Test
  void socketThatNoLongerListensDoesNotForAnybodyWhoHoldsIt() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int duplicate = Descriptors.duplicate(Descriptors.number(Descriptors.of(server)));
      try {
        ServerSockets.stopListening(Descriptors.of(server));

        assertFalse(Sockets.isListening(Descriptors.of(duplicate)));
        assertThrows(IOException.class, () -> SocketChannel.open(server.getLocalAddress()).close());
      } finally {
        Descriptors.close(duplicate);
      }
    }
  }
}
