package dev.baton.supervisor.resource;

import dev.baton.supervisor.config.Address;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Connections that wait for somebody to accept them. */
final class Clients implements Closeable {
  private final List<SocketChannel> waiting = new ArrayList<>();

  static Clients connect(Address address, int count) throws IOException {
    Clients clients = new Clients();
    for (int client = 0; client < count; client++) {
      clients.waiting.add(SocketChannel.open(Listening.reach(address)));
    }
    return clients;
  }

  /** Tries to, without waiting: the kernel leaves those out for which the queue has no room. */
  static Clients attempt(Address address, int count) throws IOException {
    Clients clients = new Clients();
    for (int client = 0; client < count; client++) {
      SocketChannel channel =
          address.isUnix() ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
      clients.waiting.add(channel);
      channel.configureBlocking(false);
      try {
        channel.connect(Listening.reach(address));
      } catch (SocketException e) {
        // EAGAIN, which a unix socket answers when its queue is full.
      }
    }
    return clients;
  }

  int size() {
    return waiting.size();
  }

  /** How many are reset by what is done; on loopback that is known when the call returns. */
  int lostBy(Closeable deed) throws IOException {
    deed.close();
    int lost = 0;
    for (SocketChannel client : waiting) {
      client.configureBlocking(false);
      lost += isReset(client) ? 1 : 0;
    }
    return lost;
  }

  private static boolean isReset(SocketChannel client) {
    try {
      return client.read(ByteBuffer.allocate(1)) < 0;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel client : waiting) {
      client.close();
    }
  }
}
