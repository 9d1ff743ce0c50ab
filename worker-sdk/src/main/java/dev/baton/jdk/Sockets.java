package dev.baton.jdk;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the kernel says about a socket descriptor. */
public final class Sockets {
  private static final int SOL_SOCKET = 1;
  private static final int SO_TYPE = 3;
  private static final int SO_REUSEPORT = 15;
  private static final int SO_ACCEPTCONN = 30;
  private static final int SO_DOMAIN = 39;
  private static final int AF_UNIX = 1;
  private static final int AF_INET6 = 10;
  private static final int SOCK_STREAM = 1;

  private static final Class<?> NET = Internals.type("sun.nio.ch.Net");
  private static final Class<?> UNIX = Internals.type("sun.nio.ch.UnixDomainSockets");
  private static final Method GET_OPTION =
      Internals.method(
          NET, "getIntOption0", FileDescriptor.class, boolean.class, int.class, int.class);
  private static final Method LOCAL_ADDRESS =
      Internals.method(NET, "localAddress", FileDescriptor.class);
  private static final Method REMOTE_ADDRESS =
      Internals.method(NET, "remoteAddress", FileDescriptor.class);
  private static final Method UNIX_ADDRESS =
      Internals.method(UNIX, "localAddress", FileDescriptor.class);

  private Sockets() {}

  public static boolean isListening(FileDescriptor socket) throws IOException {
    return option(socket, SO_ACCEPTCONN) != 0;
  }

  public static boolean isStream(FileDescriptor socket) throws IOException {
    return option(socket, SO_TYPE) == SOCK_STREAM;
  }

  public static boolean isIpv6(FileDescriptor socket) throws IOException {
    return option(socket, SO_DOMAIN) == AF_INET6;
  }

  public static boolean sharesPort(FileDescriptor socket) throws IOException {
    return option(socket, SO_REUSEPORT) != 0;
  }

  /** The address a socket is bound to; null when it has none. */
  public static @Nullable SocketAddress localAddress(FileDescriptor socket) throws IOException {
    boolean unix = option(socket, SO_DOMAIN) == AF_UNIX;
    return (SocketAddress) Internals.call(unix ? UNIX_ADDRESS : LOCAL_ADDRESS, socket);
  }

  /**
   * How many connections that were accepted on one of the addresses are open in this process. Looks
   * at every descriptor, so that it does not matter which library holds the connection.
   */
  public static int acceptedConnections(Predicate<SocketAddress> acceptedOn) throws IOException {
    int count = 0;
    for (int number : Descriptors.all()) {
      if (Descriptors.target(number).startsWith("socket:[")
          && isAccepted(Descriptors.of(number), acceptedOn)) {
        count++;
      }
    }
    return count;
  }

  private static boolean isAccepted(FileDescriptor socket, Predicate<SocketAddress> acceptedOn) {
    try {
      if (!isStream(socket) || isListening(socket)) {
        return false;
      }
      SocketAddress local = localAddress(socket);
      return local != null && acceptedOn.test(local) && isConnected(socket, local);
    } catch (IOException e) {
      return false; // closed since we listed it, or reset by its peer
    }
  }

  private static boolean isConnected(FileDescriptor socket, SocketAddress local)
      throws IOException {
    // A unix socket with a listener's name that does not listen can only be one it accepted.
    return local instanceof UnixDomainSocketAddress
        || Internals.call(REMOTE_ADDRESS, socket) instanceof InetSocketAddress;
  }

  private static int option(FileDescriptor socket, int option) throws IOException {
    Object value = Internals.call(GET_OPTION, socket, false, SOL_SOCKET, option);
    return value instanceof Integer number ? number : 0;
  }
}
