package dev.baton.examples.servers;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;

/** Sends every datagram back, with its own pid in front. */
public final class UdpEcho {
  private static final int MOST_BYTES = 65_507;

  private UdpEcho() {}

  public static void main(String[] args) throws IOException {
    byte[] prefix = (ProcessHandle.current().pid() + " ").getBytes(StandardCharsets.US_ASCII);
    try (DatagramChannel channel = DatagramChannel.open()) {
      channel.bind(Where.inet(args[0]));
      System.out.println("listening on " + channel.getLocalAddress());
      ByteBuffer buffer = ByteBuffer.allocate(prefix.length + MOST_BYTES);
      while (true) {
        SocketAddress client = channel.receive(buffer.clear().put(prefix));
        channel.send(buffer.flip(), client);
      }
    }
  }
}
