package dev.baton.agent;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Reads Netty's sockets, addresses and channels, whose classes are not ours to link. */
final class NettyObjects {
  private NettyObjects() {}

  /** The descriptor behind a socket. */
  static int number(Object socket) {
    return (int) call(socket, "intValue");
  }

  /** The path of a unix address; null for an address of another kind. */
  static @Nullable String path(Object address) {
    try {
      return (String) address.getClass().getMethod("path").invoke(address);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  /** The one thread that may change the epoll registration of a channel. */
  static Executor eventLoop(Object channel) {
    return (Executor) call(channel, "eventLoop");
  }

  private static Object call(Object on, String name) {
    try {
      return on.getClass().getMethod(name).invoke(on);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("not an object of Netty's: " + on.getClass(), e);
    }
  }
}
