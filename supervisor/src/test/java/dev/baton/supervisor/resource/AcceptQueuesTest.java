package dev.baton.supervisor.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.supervisor.config.Address;
import dev.baton.testing.NothingLeft;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernel's figures beside what we know to be so. */
@ExtendWith(NothingLeft.class)
final class AcceptQueuesTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void countsWhoWaitsAtAPort() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      countsWhoWaits(server);
    }
  }

  @Test
  void countsWhoWaitsAtAPath() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(folder.resolve("a b")));
      countsWhoWaits(server);
    }
  }

  @Test
  void tellsHostsOfOnePortApart() throws Exception {
    InetAddress one = ipv4(1);
    try (ServerSocketChannel server = ServerSocketChannel.open();
        ServerSocketChannel beside = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
      server.bind(new InetSocketAddress(one, 0));
      int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
      beside.bind(new InetSocketAddress(ipv4(2), port));

      try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
        AcceptQueues queues = AcceptQueues.read();

        assertTrue(client.isConnected());
        assertEquals(1, queues.length(Address.parse("127.0.0.1:" + port)));
        assertEquals(0, queues.length(Address.parse("127.0.0.2:" + port)));
        assertEquals(0, queues.length(beside.getLocalAddress()));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"INET", "INET6"})
  void countsWhoWaitsAtEveryAddress(StandardProtocolFamily family) throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open(family)) {
      server.bind(null);
      int port = ((InetSocketAddress) server.getLocalAddress()).getPort();

      try (SocketChannel client = SocketChannel.open(new InetSocketAddress(ipv4(1), port))) {
        assertTrue(client.isConnected());
        assertEquals(1, AcceptQueues.read().length(Address.parse("*:" + port)));
      }
    }
  }

  @Test
  void nobodyWaitsWhereNobodyListens() {
    assertEquals(
        0, AcceptQueues.read().length(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)));
    assertEquals(
        0, AcceptQueues.read().length(UnixDomainSocketAddress.of(folder.resolve("nothing"))));
  }

  private static void countsWhoWaits(ServerSocketChannel server) throws IOException {
    SocketAddress address = server.getLocalAddress();
    List<Closeable> clients = new ArrayList<>();
    try {
      for (int waiting = 0; waiting < 3; waiting++) {
        assertEquals(waiting, AcceptQueues.read().length(address));
        clients.add(SocketChannel.open(address));
      }
      clients.add(server.accept());

      assertEquals(2, AcceptQueues.read().length(address));
    } finally {
      for (Closeable client : clients) {
        client.close();
      }
    }
  }

  private static InetAddress ipv4(int last) throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
  }
}
