package dev.baton.jdk;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;

/** Calls on server sockets which the JDK's channels do not offer. For whoever makes the sockets. */
public final class ServerSockets {
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_V6ONLY = 26;
  private static final int SHUT_RD = 0;
  private static final int POLLIN = 1;

  private static final Class<?> NET = Internals.type("sun.nio.ch.Net");
  private static final Method GET_OPTION =
      Internals.method(
          NET, "getIntOption0", FileDescriptor.class, boolean.class, int.class, int.class);
  private static final Method SET_OPTION =
      Internals.method(
          NET,
          "setIntOption0",
          FileDescriptor.class,
          boolean.class,
          int.class,
          int.class,
          int.class,
          boolean.class);
  private static final Method LISTEN =
      Internals.method(NET, "listen", FileDescriptor.class, int.class);
  private static final Method SHUTDOWN =
      Internals.method(NET, "shutdown", FileDescriptor.class, int.class);
  private static final Method POLL =
      Internals.method(NET, "poll", FileDescriptor.class, int.class, long.class);
  private static final Method CONFIGURE_BLOCKING =
      Internals.method(
          Internals.type("sun.nio.ch.IOUtil"),
          "configureBlocking",
          FileDescriptor.class,
          boolean.class);
  private static final Method BIND_PATH =
      Internals.method(
          Internals.type("sun.nio.ch.UnixDomainSockets"), "bind", FileDescriptor.class, Path.class);

  private ServerSockets() {}

  /**
   * Says whether an IPv6 socket that is bound to every address leaves IPv4 alone. The JDK switches
   * that off in every socket it makes; the kernel takes it until the socket is bound.
   */
  public static void v6only(FileDescriptor socket, boolean only) throws IOException {
    Internals.call(SET_OPTION, socket, false, IPPROTO_IPV6, IPV6_V6ONLY, only ? 1 : 0, true);
  }

  public static boolean isV6only(FileDescriptor socket) throws IOException {
    Object value = Internals.call(GET_OPTION, socket, false, IPPROTO_IPV6, IPV6_V6ONLY);
    return Integer.valueOf(1).equals(value);
  }

  /**
   * Makes a bound socket listen; one that listens already gets this backlog and keeps its queue.
   */
  public static void listen(FileDescriptor socket, int backlog) throws IOException {
    Internals.call(LISTEN, socket, backlog);
  }

  /**
   * Ends the listening of a stream socket for everybody who holds it, at once. Closing it would not
   * as long as there is a duplicate. What waits in its queue is reset, unless the kernel may move
   * it to a socket of the same group ({@code net.ipv4.tcp_migrate_req}).
   */
  public static void stopListening(FileDescriptor socket) throws IOException {
    Internals.call(SHUTDOWN, socket, SHUT_RD);
  }

  /** Whether somebody waits to be accepted. Returns at once, and accepts nobody. */
  public static boolean isAnybodyWaiting(FileDescriptor socket) throws IOException {
    Object events = Internals.call(POLL, socket, POLLIN, 0L);
    return events instanceof Integer is && (is & POLLIN) != 0;
  }

  /** So that a call never waits; for everybody who holds the socket. */
  public static void makeNonBlocking(FileDescriptor socket) throws IOException {
    Internals.call(CONFIGURE_BLOCKING, socket, false);
  }

  /** Binds without listening: clients are refused until {@link #listen}. */
  public static void bind(FileDescriptor unixSocket, Path path) throws IOException {
    Internals.call(BIND_PATH, unixSocket, path);
  }
}
