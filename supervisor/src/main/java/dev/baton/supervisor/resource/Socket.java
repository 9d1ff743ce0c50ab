package dev.baton.supervisor.resource;

import dev.baton.jdk.Descriptors;
import dev.baton.jdk.ServerSockets;
import dev.baton.jdk.Sockets;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.Address.Kind;
import dev.baton.supervisor.config.ListenerConfig;
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
  private final Closeable owner;
  private final FileDescriptor descriptor;
  private final boolean stream;
  private final SocketAddress address;

  // Guarded by this: probes ask while the loop closes
  private boolean closed;

  private Socket(NetworkChannel channel, SocketAddress address) {
    this.owner = channel;
    this.descriptor = Descriptors.of(channel);
    this.stream = channel instanceof ServerSocketChannel;
    this.address = address;
  }

  private Socket(FileDescriptor descriptor, boolean stream, SocketAddress address) {
    this.owner = () -> Descriptors.close(descriptor);
    this.descriptor = descriptor;
    this.stream = stream;
    this.address = address;
  }

  /**
   * A socket that is bound already. Closing it closes the descriptor and nothing else.
   *
   * @param descriptor becomes the socket's; stays the caller's when this throws
   * @throws ResourceException when it is none of ours: not bound, or a stream that does not listen
   */
  static Socket of(FileDescriptor descriptor) throws IOException {
    boolean stream = Sockets.isStream(descriptor);
    SocketAddress address = Sockets.localAddress(descriptor);
    if (address == null || stream != Sockets.isListening(descriptor)) {
      throw new ResourceException("EINVAL", "a socket that does not listen was offered", null);
    }
    return new Socket(descriptor, stream, address);
  }

  Family family() throws IOException {
    return Sockets.isIpv6(descriptor) ? Family.INET6 : Family.INET;
  }

  /** A socket at a path, which nobody can connect to before {@link #listen}. */
  static Socket atPath(Path path) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      ServerSockets.bind(Descriptors.of(channel), path);
      makeNonBlocking(channel);
      return new Socket(channel, UnixDomainSocketAddress.of(path));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** A socket at a port, which listens. */
  static Socket atPort(ListenerConfig listener, Family family) throws IOException {
    return bind(listener, family, inet(listener.address(), family));
  }

  /** A socket on an ephemeral port of the loopback interface. */
  static Socket onLoopback(Kind kind, Family family, int backlog) throws IOException {
    ListenerConfig plain = ListenerConfig.of(new Address(kind, "*", 0, ""), backlog);
    byte[] ipv4 = {127, 0, 0, 1};
    if (family == Family.INET6) {
      byte[] ipv6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
      try {
        return bind(plain, family, new InetSocketAddress(InetAddress.getByAddress(ipv6), 0));
      } catch (BindException e) {
        // A kernel that knows IPv6 on a host without the address: IPv4 works on such a socket too.
      }
    }
    return bind(plain, family, new InetSocketAddress(InetAddress.getByAddress(ipv4), 0));
  }

  private static InetSocketAddress inet(Address address, Family family) throws IOException {
    if (address.host().equals("*")) {
      byte[] any = new byte[family == Family.INET ? 4 : 16];
      return new InetSocketAddress(InetAddress.getByAddress(any), address.port());
    }
    return new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
  }

  private static Socket bind(ListenerConfig listener, Family family, InetSocketAddress address)
      throws IOException {
    return listener.address().kind() == Kind.TCP
        ? bind(ServerSocketChannel.open(family.protocol()), listener, address)
        : bind(DatagramChannel.open(family.protocol()), listener, address);
  }

  private static Socket bind(
      ServerSocketChannel channel, ListenerConfig listener, InetSocketAddress address)
      throws IOException {
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      setOptions(channel, listener);
      channel.bind(address, listener.backlog());
      makeNonBlocking(channel);
      return new Socket(channel, channel.getLocalAddress());
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static Socket bind(
      DatagramChannel channel, ListenerConfig listener, InetSocketAddress address)
      throws IOException {
    try {
      setOptions(channel, listener);
      channel.bind(address);
      channel.configureBlocking(false);
      return new Socket(channel, channel.getLocalAddress());
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void setOptions(NetworkChannel channel, ListenerConfig listener)
      throws IOException {
    if (listener.reusePort()) {
      channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
    }
    if (listener.v6only()) {
      ServerSockets.v6only(Descriptors.of(channel), true);
    }
  }

  /**
   * Non-blocking belongs to the description, which all workers share: set once, here. A blocked
   * accept(2) would take one client more after its worker was switched off.
   */
  private static void makeNonBlocking(ServerSocketChannel channel) throws IOException {
    channel.configureBlocking(false);
  }

  /** Begins to listen, or changes the backlog of one that does. */
  void listen(int backlog) throws IOException {
    if (isStream()) {
      ServerSockets.listen(descriptor(), backlog);
    }
  }

  /** Takes it out of its group at once, whoever holds a duplicate. */
  void retire() throws IOException {
    try {
      if (isStream()) {
        ServerSockets.stopListening(descriptor());
      }
    } finally {
      close();
    }
  }

  /** Whether somebody waits to be accepted; nobody when it is closed. Any thread may ask. */
  synchronized boolean isAnybodyWaiting() {
    try {
      return !closed && stream && ServerSockets.isAnybodyWaiting(descriptor);
    } catch (IOException e) {
      return false; // retired
    }
  }

  private boolean isStream() {
    return stream;
  }

  /** What the kernel calls it: the same for every descriptor of it. */
  String target() {
    return Descriptors.target(Descriptors.number(descriptor));
  }

  FileDescriptor descriptor() {
    return descriptor;
  }

  /** The address it is really bound to: with the port the kernel chose. */
  SocketAddress address() {
    return address;
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    owner.close();
  }
}
