package dev.baton.jdk;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;

/** Channels of the JDK for connections that another process has made. */
public final class Connections {
  private static final Constructor<?> CHANNEL =
      Internals.constructor(
          Internals.type("sun.nio.ch.SocketChannelImpl"),
          SelectorProvider.class,
          ProtocolFamily.class,
          FileDescriptor.class,
          SocketAddress.class);
  private static final Method REMOTE_ADDRESS =
      Internals.method(Internals.type("sun.nio.ch.Net"), "remoteAddress", FileDescriptor.class);

  private Connections() {}

  /**
   * A channel for a connected internet socket, in blocking mode. It owns the descriptor.
   *
   * @throws IOException when the socket is not connected, or no more; then nobody owns it yet
   */
  public static SocketChannel channel(FileDescriptor socket) throws IOException {
    ProtocolFamily family =
        Sockets.isIpv6(socket) ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    Object peer = Internals.call(REMOTE_ADDRESS, socket);
    if (!(peer instanceof InetSocketAddress)) {
      throw new IOException("not a connected internet socket");
    }
    try {
      SocketChannel channel =
          (SocketChannel) CHANNEL.newInstance(SelectorProvider.provider(), family, socket, peer);
      // It believes that it blocks; what the descriptor does was decided by whoever had it before.
      channel.configureBlocking(false);
      channel.configureBlocking(true);
      return channel;
    } catch (InvocationTargetException e) {
      throw new IOException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
