package dev.baton.jdk;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Method;
import java.net.SocketAddress;
import java.nio.channels.Channel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The object through which a server uses its listening descriptor: one of the JDK's channels or
 * socket implementations, or a socket of native code.
 *
 * <p>It knows four things about it: how to keep it from closing the descriptor while we exchange
 * what lies under the number, how to wake the thread that is blocked on it, where it remembers its
 * address, and on which thread all that has to happen.
 */
public final class SocketOwner {
  /** {@code NioSocketImpl.ST_CLOSING}: from here on the number may belong to somebody else. */
  private static final int NIO_SOCKET_CLOSING = 4;

  private static final Method SIGNAL =
      Internals.method(Internals.type("sun.nio.ch.NativeThread"), "signal", long.class);

  /** A class, not a lambda: a starting worker would have to make one. */
  private static final Executor CALLERS_THREAD =
      new Executor() {
        @Override
        public void execute(Runnable command) {
          command.run();
        }
      };

  /** Shorter than the supervisor waits, so that it hears why. */
  private static final long MOST_SECONDS = 4;

  private final Object owner;
  private final Executor thread;
  private final Object closeLock;
  private final @Nullable VarHandle waitingThread;
  private final @Nullable VarHandle state;
  private final @Nullable VarHandle localAddress;

  private SocketOwner(
      Object owner, Executor thread, Object closeLock, @Nullable VarHandle waitingThread) {
    this.owner = owner;
    this.thread = thread;
    this.closeLock = closeLock;
    this.waitingThread = waitingThread;
    String type = owner.getClass().getSimpleName();
    this.state = type.equals("NioSocketImpl") ? field(owner, "state") : null;
    this.localAddress =
        type.equals("ServerSocketChannelImpl") ? field(owner, "localAddress") : null;
  }

  /** The owner behind an object of the JDK. */
  public static SocketOwner of(Object owner) {
    return switch (owner.getClass().getName()) {
      case "sun.nio.ch.ServerSocketChannelImpl" -> jdk(owner, "thread");
      case "sun.nio.ch.DatagramChannelImpl", "sun.nio.ch.NioSocketImpl" ->
          jdk(owner, "readerThread");
      // Asynchronous channels wait in epoll only: there is nobody to signal.
      default -> new SocketOwner(owner, CALLERS_THREAD, new Object(), null);
    };
  }

  private static SocketOwner jdk(Object owner, String thread) {
    return new SocketOwner(
        owner, CALLERS_THREAD, field(owner, "stateLock").get(owner), field(owner, thread));
  }

  /**
   * An owner whose registration with epoll is one thread's alone. Such a thread changes it in place
   * when it begins to accept: a change between our look at it and our putting it back would be
   * lost, and with it every connection to come. On that thread there is no between.
   *
   * @param thread runs what it is given on that thread
   */
  public static SocketOwner of(Object owner, Executor thread) {
    return new SocketOwner(owner, thread, new Object(), null);
  }

  private static VarHandle field(Object owner, String name) {
    return Internals.field(owner.getClass(), name);
  }

  /** What to run on the right thread, or while the descriptor cannot be closed. */
  public interface Exchange {
    void run() throws IOException;
  }

  /**
   * Runs it where the owner's registration cannot change meanwhile, and waits for its end. Does
   * nothing when that thread has ended, for then the owner is closed.
   */
  public void onItsThread(Exchange exchange) throws IOException {
    FutureTask<@Nullable Void> task =
        new FutureTask<>(
            () -> {
              exchange.run();
              return null;
            });
    try {
      thread.execute(task);
      task.get(MOST_SECONDS, TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) {
      // It has ended.
    } catch (TimeoutException e) {
      throw new IOException("its event loop has been busy for " + MOST_SECONDS + " s", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
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
      localAddress.set(owner, address);
    }
  }

  private boolean isOpen() {
    if (owner instanceof Channel channel) {
      return channel.isOpen();
    }
    return state == null || (int) state.get(owner) < NIO_SOCKET_CLOSING;
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
    long thread = (long) waitingThread.get(owner);
    if (thread > 0) { // 0: nobody waits; -1: a virtual thread, which waits in epoll
      Internals.call(SIGNAL, thread);
    }
  }
}
