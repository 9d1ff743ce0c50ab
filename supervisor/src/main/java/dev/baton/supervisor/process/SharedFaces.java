package dev.baton.supervisor.process;

import com.google.common.net.InetAddresses;
import dev.baton.supervisor.config.Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/** Where to reach a shared listener from this host. Whoever serves it answers, not one worker. */
public final class SharedFaces {
  private SharedFaces() {}

  /**
   * Something that can be connected to: for every address, that of the loopback interface.
   *
   * @param v6only whether the listener leaves IPv4 alone
   */
  public static SocketAddress reach(Address listener, boolean v6only) {
    if (listener.isUnix()) {
      return UnixDomainSocketAddress.of(listener.path());
    }
    String loopback = v6only ? "::1" : "127.0.0.1"; // which one of both families has, too
    InetAddress host =
        InetAddresses.forString(listener.host().equals("*") ? loopback : listener.host());
    return new InetSocketAddress(host, listener.port());
  }
}
