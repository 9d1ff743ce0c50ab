package dev.baton.channel;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * Sends datagrams to a unix socket, descriptors with them if need be, and never waits for its
 * owner. The JDK has no unix datagram sockets.
 */
public final class Datagrams {
  private final AFUNIXSocketAddress receiver;

  private Datagrams(AFUNIXSocketAddress receiver) {
    this.receiver = receiver;
  }

  /**
   * Sends nothing yet; nobody has to be there.
   *
   * @param address an absolute path, or {@code @} and a name in the abstract namespace
   */
  public static Datagrams to(String address) throws IOException {
    if (address.length() > 1 && address.startsWith("@")) {
      return new Datagrams(AFUNIXSocketAddress.inAbstractNamespace(address.substring(1)));
    }
    if (address.startsWith("/")) {
      return new Datagrams(AFUNIXSocketAddress.of(Path.of(address)));
    }
    throw new SocketException("it is neither an absolute path nor a name after '@'");
  }

  /**
   * Sends one datagram, whole or not at all; the descriptors stay the caller's. From a socket of
   * its own, because a connected one is of no use any more when the receiver has been started anew.
   *
   * @return false when the receiver's queue is full
   */
  public boolean send(byte[] message, FileDescriptor... descriptors) throws IOException {
    try (AFUNIXDatagramChannel channel = AFUNIXDatagramChannel.open()) {
      channel.configureBlocking(false);
      channel.connect(receiver); // it refuses descriptors before
      if (descriptors.length > 0) {
        channel.setOutboundFileDescriptors(descriptors);
      }
      return channel.write(ByteBuffer.wrap(message)) > 0;
    }
  }
}
