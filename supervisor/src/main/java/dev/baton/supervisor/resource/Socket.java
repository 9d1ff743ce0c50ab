package dev.baton.supervisor.resource;

import dev.baton.jdk.Descriptors;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.Address.Kind;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;

/**
 * A bound socket, listening if it is of a kind that does. Made by the JDK's own channels: closing
 * one of junixsocket's would shut it down for everybody who holds it.
 */
final class Socket implements Closeable {
  private final NetworkChannel channel;
  private final SocketAddress address;

  private Socket(NetworkChannel channel) throws IOException {
    this.channel = channel;
    this.address = channel.getLocalAddress();
  }

  static Socket bind(Address address, Family family, int backlog) throws IOException {
    return address.isUnix()
        ? listen(
            ServerSocketChannel.open(StandardProtocolFamily.UNIX),
            UnixDomainSocketAddress.of(Path.of(address.path())),
            backlog)
        : bind(address.kind(), family, inet(address, family), backlog);
  }

  /** A socket on an ephemeral port of the loopback interface. */
  static Socket onLoopback(Kind kind, Family family, int backlog) throws IOException {
    byte[] ipv4 = {127, 0, 0, 1};
    if (family == Family.INET6) {
      byte[] ipv6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
      try {
        return bind(
            kind, family, new InetSocketAddress(InetAddress.getByAddress(ipv6), 0), backlog);
      } catch (BindException e) {
        // A kernel that knows IPv6 on a host without the address: IPv4 works on such a socket too.
      }
    }
    return bind(kind, family, new InetSocketAddress(InetAddress.getByAddress(ipv4), 0), backlog);
  }

  private static InetSocketAddress inet(Address address, Family family) throws IOException {
    if (address.host().equals("*")) {
      byte[] any = new byte[family == Family.INET ? 4 : 16];
      return new InetSocketAddress(InetAddress.getByAddress(any), address.port());
    }
    return new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
  }

  private static Socket bind(Kind kind, Family family, InetSocketAddress address, int backlog)
      throws IOException {
    if (kind == Kind.TCP) {
      ServerSocketChannel channel = ServerSocketChannel.open(family.protocol());
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      return listen(channel, address, backlog);
    }
    DatagramChannel channel = DatagramChannel.open(family.protocol());
    try {
      channel.bind(address);
      channel.configureBlocking(false);
      return new Socket(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static Socket listen(ServerSocketChannel channel, SocketAddress address, int backlog)
      throws IOException {
    try {
      channel.bind(address, backlog);
      // Non-blocking belongs to the description, which all workers share: set once, here. A blocked
      // accept(2) would take one client more after its worker was switched off.
      channel.configureBlocking(false);
      return new Socket(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  FileDescriptor descriptor() {
    return Descriptors.of(channel);
  }

  /** The address it is really bound to: with the port the kernel chose. */
  SocketAddress address() {
    return address;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
