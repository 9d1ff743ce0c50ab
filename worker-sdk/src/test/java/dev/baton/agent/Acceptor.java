package dev.baton.agent;

import dev.baton.jdk.Descriptors;
import dev.baton.jdk.Sockets;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketImpl;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A server that tells each client on which local port it was accepted. */
final class Acceptor implements Closeable {
  /** How it waits. */
  enum Kind {
    SELECTOR,
    BLOCKING_CHANNEL,
    SERVER_SOCKET,
    SERVER_SOCKET_WITH_TIMEOUT,
    /** Threads of the JDK's own making, where there are any. */
    VIRTUAL_THREADS_ON_A_CHANNEL,
    VIRTUAL_THREADS_ON_A_SERVER_SOCKET
  }

  private static final int THREADS = 3;

  /** What a blocked thread runs; ends with an exception. */
  private interface Loop {
    void run() throws Exception;
  }

  private final List<Thread> threads = new ArrayList<>();
  private final List<Closeable> open = new ArrayList<>();
  private Object owner = this;
  private int descriptor = -1;

  private Acceptor() {}

  static Acceptor start(Kind kind) throws Exception {
    Acceptor acceptor = new Acceptor();
    switch (kind) {
      case SELECTOR -> acceptor.select();
      case BLOCKING_CHANNEL -> acceptor.channel(false);
      case SERVER_SOCKET -> acceptor.socket(0, false);
      case SERVER_SOCKET_WITH_TIMEOUT -> acceptor.socket(60_000, false);
      case VIRTUAL_THREADS_ON_A_CHANNEL -> acceptor.channel(true);
      case VIRTUAL_THREADS_ON_A_SERVER_SOCKET -> acceptor.socket(0, true);
    }
    return acceptor;
  }

  /** What the bind hook is given. */
  Object owner() {
    return owner;
  }

  int descriptor() {
    return descriptor;
  }

  /** The port it has bound itself. */
  int port() throws IOException {
    InetSocketAddress bound = (InetSocketAddress) Sockets.localAddress(Descriptors.of(descriptor));
    return Objects.requireNonNull(bound).getPort();
  }

  private void select() throws IOException {
    ServerSocketChannel server = bound();
    server.configureBlocking(false);
    Selector selector = Selector.open();
    server.register(selector, SelectionKey.OP_ACCEPT);
    open.add(selector);
    begin(
        false,
        () -> {
          selector.select();
          selector.selectedKeys().clear();
          for (SocketChannel next = server.accept(); next != null; next = server.accept()) {
            greet(next);
          }
        });
  }

  private void channel(boolean virtual) throws IOException {
    ServerSocketChannel server = bound();
    for (int i = 0; i < THREADS; i++) {
      begin(virtual, () -> greet(server.accept()));
    }
  }

  private void socket(int timeoutMillis, boolean virtual) throws Exception {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server.setSoTimeout(timeoutMillis);
    open.add(server);
    owner = Objects.requireNonNull(field(ServerSocket.class, "impl").get(server));
    descriptor = Descriptors.number((FileDescriptor) field(SocketImpl.class, "fd").get(owner));
    for (int i = 0; i < THREADS; i++) {
      begin(
          virtual,
          () -> {
            try (Socket client = server.accept()) {
              client.getOutputStream().write(bytes(client.getLocalPort()));
            }
          });
    }
  }

  private ServerSocketChannel bound() throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    open.add(server);
    owner = server;
    descriptor = Descriptors.number(Descriptors.of(server));
    return server;
  }

  private void begin(boolean virtual, Loop loop) {
    Runnable role =
        () -> {
          try {
            while (true) {
              loop.run();
            }
          } catch (ClosedSelectorException | IOException e) {
            // closed
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        };
    threads.add(virtual ? startVirtual(role) : startPlatform(role));
  }

  private static Thread startPlatform(Runnable role) {
    Thread thread = new Thread(role, "acceptor");
    thread.start();
    return thread;
  }

  /** An ordinary thread on a JDK that has no other. */
  private static Thread startVirtual(Runnable role) {
    try {
      return (Thread)
          Objects.requireNonNull(
              Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, role));
    } catch (NoSuchMethodException e) {
      return startPlatform(role);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void greet(SocketChannel client) throws IOException {
    try (client) {
      InetSocketAddress local = (InetSocketAddress) client.getLocalAddress();
      client.write(ByteBuffer.wrap(bytes(local.getPort())));
    }
  }

  private static byte[] bytes(int port) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(port).array();
  }

  @SuppressWarnings("NullAway") // the fields of the JDK that are read here are set
  private static Field field(Class<?> type, String name) throws NoSuchFieldException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  @Override
  public void close() throws IOException {
    for (Closeable one : open) {
      one.close();
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
