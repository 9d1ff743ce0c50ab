package dev.baton.supervisor.process;

import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.resource.AcceptQueues;
import java.net.SocketAddress;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Where the gates of a worker find it.
 *
 * @param addresses where to reach it, by the listener each address stands for: its private faces,
 *     or shared ones ({@link SharedFaces}) while it is alone behind them
 * @param isAnybodyWaiting whether somebody waits there to be accepted, by the listener; asked again
 *     and again, on the thread of the gates
 */
public record Faces(Map<Address, SocketAddress> addresses, Predicate<Address> isAnybodyWaiting) {
  /**
   * Whose queues are looked up in the kernel's table of all sockets, which takes it milliseconds
   * each time: for sockets we do not have at hand.
   */
  public static Faces of(Map<Address, SocketAddress> addresses) {
    return new Faces(
        addresses,
        listener -> {
          SocketAddress face = addresses.get(listener);
          return face != null && AcceptQueues.read().length(face) > 0;
        });
  }
}
