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
 * @param seenWaiting whether somebody is seen to wait there to be accepted, by the listener; asked
 *     again and again, on the thread of the gates
 */
public record Faces(Map<Address, SocketAddress> addresses, Predicate<Address> seenWaiting) {
  /** Of sockets that are not at hand: who waits at them is seen in the kernel's tables only. */
  public static Faces of(Map<Address, SocketAddress> addresses) {
    return new Faces(addresses, listener -> false);
  }

  /**
   * Whether somebody waits to be accepted where the listener is reached. The kernel's table of all
   * sockets has the last word, for which it looks at many thousand places: when it is busy it may
   * put a client into the queue a moment after that one's connect(2) has returned.
   */
  boolean isAnybodyWaiting(Address listener) {
    SocketAddress face = addresses.get(listener);
    return seenWaiting.test(listener) || (face != null && AcceptQueues.read().length(face) > 0);
  }
}
