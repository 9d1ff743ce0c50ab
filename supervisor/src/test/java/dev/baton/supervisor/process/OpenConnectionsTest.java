package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel's tables beside what we know to be so, of our own process. */
final class OpenConnectionsTest {
  private static final long SELF = ProcessHandle.current().pid();

  @TempDir private Path folder = Path.of("");

  @Test
  void connectionIsShownWithItsPeerAndWhatWaitsToBeRead() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (SocketChannel client = SocketChannel.open(server.getLocalAddress());
          SocketChannel accepted = server.accept()) {
        client.write(ByteBuffer.allocate(7));
        String line = line("127.0.0.1:" + port(server), "127.0.0.1:" + port(client));

        assertTrue(accepted.isConnected());
        assertTrue(line.startsWith("tcp  established "), line);
        assertTrue(line.endsWith("to send 0, to read 7"), line);
        String listening = line("tcp  listening ", "127.0.0.1:" + port(server));
        assertTrue(listening.contains(" 0.0.0.0:0 "), listening);
      }
    }
  }

  @Test
  void unixSocketIsShownWithItsPath() throws Exception {
    Path path = folder.resolve("a b");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      try (SocketChannel client = SocketChannel.open(server.getLocalAddress());
          SocketChannel accepted = server.accept()) {
        String line = line("unix established", path.toString());

        assertTrue(client.isConnected() && accepted.isConnected());
        assertTrue(line.endsWith(" " + path), line);
      }
    }
  }

  @Test
  void processThatIsGoneHasNone() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();

    assertEquals(List.of(), OpenConnections.of(process.pid()));
  }

  @Test
  void jvmCatchesQuitAndOtherProgramsDoNot() throws Exception {
    Process sleep = new ProcessBuilder("sleep", "60").start();
    try {
      assertEquals(false, Processes.catchesQuit(sleep.pid()));
      assertEquals(true, Processes.catchesQuit(SELF));
    } finally {
      sleep.destroyForcibly().waitFor();
    }
  }

  private static int port(ServerSocketChannel channel) throws Exception {
    return ((InetSocketAddress) channel.getLocalAddress()).getPort();
  }

  private static int port(SocketChannel channel) throws Exception {
    return ((InetSocketAddress) channel.getLocalAddress()).getPort();
  }

  /** The one with the first text left of the second. */
  private static String line(String first, String second) {
    List<String> all = OpenConnections.of(SELF);
    return all.stream()
        .filter(line -> line.contains(first) && line.indexOf(second) >= line.indexOf(first))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + first + " " + second + " in " + all));
  }
}
