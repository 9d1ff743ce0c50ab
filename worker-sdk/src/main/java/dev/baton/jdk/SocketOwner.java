package dev.baton.jdk;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.SocketAddress;
import java.nio.channels.Channel;
import org.jspecify.annotations.Nullable;

/**
 * The object through which a server uses its listening descriptor: one of the JDK's channels or
 * socket implementations, or a socket of native code.
 *
 * <p>It knows three things about it: how to keep it from closing the descriptor while we exchange
 * what lies under the number, how to wake the thread that is blocked on it, and where it remembers
 * its address.
 */
public final class SocketOwner {
  /** {@code NioSocketImpl.ST_CLOSING}: from here on the number may belong to somebody else. */
  private static final int NIO_SOCKET_CLOSING = 4;

  private static final Method SIGNAL =
      Internals.method(Internals.type("sun.nio.ch.NativeThread"), "signal", long.class);

  private final Object owner;
  private final Object closeLock;
  private final @Nullable Field waitingThread;
  private final @Nullable Field state;
  private final @Nullable Field localAddress;

  private SocketOwner(Object owner, Object closeLock, @Nullable Field waitingThread) {
    this.owner = owner;
    this.closeLock = closeLock;
    this.waitingThread = waitingThread;
    String type = owner.getClass().getSimpleName();
    this.state = type.equals("NioSocketImpl") ? field(owner, "state") : null;
    this.localAddress =
        type.equals("ServerSocketChannelImpl") ? field(owner, "localAddress") : null;
  }

  /** The owner behind an object of the JDK, or one without known insides for any other object. */
  public static SocketOwner of(Object owner) {
    return switch (owner.getClass().getName()) {
      case "sun.nio.ch.ServerSocketChannelImpl" -> jdk(owner, "thread");
      case "sun.nio.ch.DatagramChannelImpl", "sun.nio.ch.NioSocketImpl" ->
          jdk(owner, "readerThread");
      // Asynchronous channels and native transports wait in epoll only: there is nobody to signal.
      default -> new SocketOwner(owner, new Object(), null);
    };
  }

  private static SocketOwner jdk(Object owner, String thread) {
    return new SocketOwner(owner, get(field(owner, "stateLock"), owner), field(owner, thread));
  }

  private static Field field(Object owner, String name) {
    return Internals.field(owner.getClass(), name);
  }

  /** What to run while the descriptor cannot be closed. */
  public interface Exchange {
    void run() throws IOException;
  }

  /**
   * Runs the exchange unless the owner has closed its descriptor, then wakes the thread that waits
   * on what was there before. It waits no longer than the owner's own close would.
   *
   * @return false when the owner is closed and nothing was done
   */
  public boolean whileOpen(Exchange exchange) throws IOException {
    synchronized (closeLock) {
      if (!isOpen()) {
        return false;
      }
      exchange.run();
      wake();
      return true;
    }
  }

  /**
   * What the owner answers from now on when it is asked for its local address, which it otherwise
   * remembers from its bind. Does nothing for owners that ask the kernel or are not asked.
   */
  public void tellAddress(SocketAddress address) {
    if (localAddress != null) {
      try {
        localAddress.set(owner, address);
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private boolean isOpen() {
    if (owner instanceof Channel channel) {
      return channel.isOpen();
    }
    return state == null || (int) get(state, owner) < NIO_SOCKET_CLOSING;
  }

  /**
   * A blocked thread sleeps on the queue of the old socket, whatever is under the number now. A
   * signal makes the JDK look again; a connection would not. A thread that is not asleep yet sees
   * the new socket by itself.
   */
  private void wake() throws IOException {
    if (waitingThread == null) {
      return;
    }
    long thread = (long) get(waitingThread, owner);
    if (thread > 0) { // 0: nobody waits; -1: a virtual thread, which waits in epoll
      Internals.call(SIGNAL, thread);
    }
  }

  @SuppressWarnings("NullAway") // none of these fields is ever null
  private static Object get(Field field, Object from) {
    try {
      return field.get(from);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
