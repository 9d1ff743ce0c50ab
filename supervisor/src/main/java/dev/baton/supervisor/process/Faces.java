package dev.baton.supervisor.process;

import dev.baton.supervisor.config.Address;
import java.net.SocketAddress;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Where the gates of a worker find it.
 *
 * @param addresses where to reach it, by the listener each address stands for: its private faces,
 *     or shared ones ({@link SharedFaces}) while it is alone behind them
 * @param isAnybodyWaiting whether somebody is seen to wait there to be accepted, by the listener;
 *     asked again and again, on the thread of the gates
 */
public record Faces(Map<Address, SocketAddress> addresses, Predicate<Address> isAnybodyWaiting) {
  /** Of sockets that are not at hand: who waits at them is seen in the kernel's tables only. */
  public static Faces of(Map<Address, SocketAddress> addresses) {
    return new Faces(addresses, listener -> false);
  }
}
