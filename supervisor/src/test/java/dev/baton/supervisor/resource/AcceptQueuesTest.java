package dev.baton.supervisor.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
