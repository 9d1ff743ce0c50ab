package dev.baton.worker;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;

/**
 * An address this worker is to listen on, by its name in the configuration.
 *
 * <p>A server that binds for itself needs nothing but {@link #address()}: under a supervisor
 * whatever binds it gets the supervisor's socket. For others this binds it.
 *
 * <p>Immutable; any thread. What it opens belongs to the caller, who closes it; clients are not
 * lost by that as long as another worker serves. The number that {@link #fd()} gives is the
 * exception.
 */
public final class Listener {
  private static final String UNIX = "unix:";
  private static final String TCP = "tcp:";
  private static final String UDP = "udp:";

  private final String name;
  private final SocketAddress address;
  private final boolean datagram;

  Listener(String name, SocketAddress address, boolean datagram) {
    this.name = name;
    this.address = address;
    this.datagram = datagram;
  }

  /**
   * Reads an address as a configuration has it: {@code [tcp:|udp:][HOST:]PORT} or {@code
   * unix:/PATH}.
   */
  static Listener parse(String name, String text) {
    if (text.startsWith(UNIX)) {
      SocketAddress path = UnixDomainSocketAddress.of(text.substring(UNIX.length()));
      return new Listener(name, path, false);
    }
    boolean datagram = text.startsWith(UDP);
    String inet = datagram || text.startsWith(TCP) ? text.substring(UDP.length()) : text;
    int colon = inet.lastIndexOf(':');
    String host = colon < 0 ? "" : inet.substring(0, colon);
    int port = port(inet.substring(colon + 1));
    if (port < 1 || port > 65535 || !isHost(host)) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is no address for the listener "
              + name
              + "; write 8080, 127.0.0.1:8080, [::1]:8080, udp:5353 or unix:/run/app.sock");
    }
    boolean any = host.isEmpty() || host.equals("*");
    return new Listener(
        name, any ? new InetSocketAddress(port) : new InetSocketAddress(host, port), datagram);
  }

  /** Negative when it is none. */
  private static int port(String text) {
    int port = text.isEmpty() || text.length() > 5 ? -1 : 0;
    for (int i = 0; i < text.length() && port >= 0; i++) {
      char digit = text.charAt(i);
      port = digit >= '0' && digit <= '9' ? 10 * port + digit - '0' : -1;
    }
    return port;
  }

  /** An address with colons of its own stands in brackets. */
  private static boolean isHost(String text) {
    return text.indexOf(':') < 0
        || (text.length() > 2 && text.startsWith("[") && text.indexOf(']') == text.length() - 1);
  }

  /** As it was asked for. */
  public String name() {
    return name;
  }

  /** What clients connect to: an {@link InetSocketAddress} or a {@link UnixDomainSocketAddress}. */
  public SocketAddress address() {
    return address;
  }

  /**
   * The same, where it can be no other.
   *
   * @throws IllegalStateException when it is a unix socket
   */
  public InetSocketAddress inetAddress() {
    if (address instanceof InetSocketAddress inet) {
      return inet;
    }
    throw new IllegalStateException(this + " is a unix socket, and has no port");
  }

  /**
   * Binds a new channel of the JDK, in blocking mode. Under a supervisor this waits for its answer,
   * milliseconds and 30 seconds at most.
   *
   * @throws java.net.BindException when the address cannot be had
   * @throws IllegalStateException when it is a listener for datagrams
   */
  public ServerSocketChannel channel() throws IOException {
    if (datagram) {
      throw new IllegalStateException(this + " is for datagrams; use datagram()");
    }
    ServerSocketChannel channel =
        address instanceof UnixDomainSocketAddress
            ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            : ServerSocketChannel.open();
    return bound(channel, () -> channel.bind(address));
  }

  /**
   * Binds a new socket of the JDK; like {@link #channel()}.
   *
   * @throws IllegalStateException when it is a listener for datagrams, or a unix socket, for which
   *     the JDK has channels only
   */
  public ServerSocket socket() throws IOException {
    if (datagram || address instanceof UnixDomainSocketAddress) {
      throw new IllegalStateException(this + " cannot be a ServerSocket");
    }
    ServerSocket socket = new ServerSocket();
    return bound(socket, () -> socket.bind(address));
  }

  /**
   * Binds a new datagram channel of the JDK; like {@link #channel()}.
   *
   * @throws IllegalStateException when it is no listener for datagrams
   */
  public DatagramChannel datagram() throws IOException {
    if (!datagram) {
      throw new IllegalStateException(this + " is for connections; use channel()");
    }
    DatagramChannel channel = DatagramChannel.open();
    return bound(channel, () -> channel.bind(address));
  }

  /**
   * Binds, and gives the number of the descriptor, for what takes nothing else: a native transport,
   * code behind JNI. It listens, or receives if it is for datagrams, and does not block. Waits like
   * {@link #channel()}; the same number for every call, in the whole JVM.
   *
   * <p>Unlike what the others open it is this worker's, not the caller's: it stays open as long as
   * this JVM lives, which is what a drain and a roll-back need. Whoever has the number
   *
   * <ul>
   *   <li>accepts on it, by {@code accept(2)} from any threads;
   *   <li>does not close it: the number would become another file's. A server that closes what it
   *       was given when it is stopped is to be stopped when the JVM ends;
   *   <li>uses this number and no duplicate of it: when this worker is switched on or off, another
   *       socket is put under the number;
   *   <li>waits in epoll, whose registrations are carried over, or in {@code poll(2)} with a time
   *       limit, whose next call sees the other socket.
   * </ul>
   *
   * <p>io_uring holds the socket and not the number. An accept that was submitted before a switch
   * stays with the socket of before, so such a server has to cancel it and submit it anew in {@link
   * Worker#onSwitch}.
   *
   * @throws java.net.BindException when the address cannot be had
   */
  public int fd() throws IOException {
    String key = (datagram ? UDP : "") + address;
    return ListeningDescriptors.number(key, datagram ? this::datagram : this::channel);
  }

  private interface Bind {
    void run() throws IOException;
  }

  /** Returns the socket, or closes it. */
  private static <T extends Closeable> T bound(T socket, Bind bind) throws IOException {
    try {
      bind.run();
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public String toString() {
    return "listener " + name + " at " + address;
  }
}
