package dev.baton.examples.udpecho;

import dev.baton.worker.Worker;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sends every datagram back, with its own pid in front.
 *
 * <p>Datagrams that nobody has taken wait in the socket, which the supervisor holds: the next
 * worker takes them. What is left to do is to answer the one that was taken, before the JVM ends.
 */
public final class UdpEcho {
  private static final int MOST_BYTES = 65_507;

  private final byte[] prefix =
      (ProcessHandle.current().pid() + " ").getBytes(StandardCharsets.US_ASCII);
  private final ByteBuffer buffer = ByteBuffer.allocate(prefix.length + MOST_BYTES);

  /** Held from before a datagram is taken until it is answered. */
  private final ReentrantLock busy = new ReentrantLock();

  private final DatagramChannel channel;

  private UdpEcho(DatagramChannel channel) {
    this.channel = channel;
  }

  public static void main(String[] args) throws IOException {
    Worker worker = Worker.attach();
    try (DatagramChannel channel = worker.listener("echo", "udp:127.0.0.1:8081").datagram()) {
      UdpEcho echo = new UdpEcho(channel);
      // Never unlocked: this JVM ends, and what it does not take waits for the next one.
      Runtime.getRuntime().addShutdownHook(new Thread(echo.busy::lock));
      worker.ready();
      echo.run();
    }
  }

  private void run() throws IOException {
    channel.configureBlocking(false);
    try (Selector selector = Selector.open()) {
      channel.register(selector, SelectionKey.OP_READ);
      while (true) {
        selector.select(key -> {});
        busy.lock();
        try {
          echo();
        } finally {
          busy.unlock();
        }
      }
    }
  }

  /** At most one: in a restart two workers wait for the same datagram, and one gets it. */
  private void echo() throws IOException {
    SocketAddress client = channel.receive(buffer.clear().put(prefix));
    if (client != null) {
      answer(client);
    }
  }

  private void answer(SocketAddress client) {
    try {
      channel.send(buffer.flip(), client);
    } catch (IOException e) {
      System.err.println("no answer to " + client + ": " + e); // the others get theirs
    }
  }
}
