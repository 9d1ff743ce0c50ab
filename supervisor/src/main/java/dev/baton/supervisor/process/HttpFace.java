package dev.baton.supervisor.process;

import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.Address.Kind;
import java.net.SocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which face of a worker is asked by HTTP. */
final class HttpFace {
  private HttpFace() {}

  /**
   * The port that is asked for, else the first of the worker's tcp and then of its unix faces; null
   * when there is none.
   *
   * @param port 0 for any
   */
  static @Nullable SocketAddress choose(int port, Map<Address, SocketAddress> faces) {
    SocketAddress unix = null;
    for (Map.Entry<Address, SocketAddress> face : faces.entrySet()) {
      Address listener = face.getKey();
      boolean wanted = port == 0 || port == listener.port();
      if (wanted && listener.kind() == Kind.TCP) {
        return face.getValue();
      }
      if (wanted && listener.isUnix() && unix == null) {
        unix = face.getValue();
      }
    }
    return unix;
  }
}
