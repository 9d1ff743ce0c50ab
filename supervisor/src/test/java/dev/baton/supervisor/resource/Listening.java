package dev.baton.supervisor.resource;

import dev.baton.jdk.Descriptors;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.ListenerConfig;
import java.io.FileDescriptor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Objects;

/** What tests of listeners say about them, and how clients see them. */
final class Listening {
  private Listening() {}

  static Address freePort() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return Address.parse("127.0.0.1:" + free.getLocalPort());
    }
  }

  static Address everywhere(Address address) throws Exception {
    return Address.parse("*:" + address.port());
  }

  static SocketAddress reach(Address address) {
    return address.isUnix()
        ? UnixDomainSocketAddress.of(Path.of(address.path()))
        : new InetSocketAddress(InetAddress.getLoopbackAddress(), address.port());
  }

  static ListenerConfig http(Address address) {
    return with(address, 16, false, false);
  }

  static ListenerConfig backlog(Address address, int backlog) {
    return with(address, backlog, false, false);
  }

  static ListenerConfig v6only(Address address) {
    return with(address, 16, true, false);
  }

  static ListenerConfig reusePort(Address address) {
    return with(address, 64, false, true);
  }

  static ListenerConfig access(Address address, String mode, String owner) {
    return new ListenerConfig("http", address, 16, false, false, mode, owner);
  }

  private static ListenerConfig with(
      Address address, int backlog, boolean v6only, boolean reusePort) {
    return new ListenerConfig("http", address, backlog, v6only, reusePort, "", "");
  }

  /** Which socket it is, however many descriptors it has. */
  static String target(FileDescriptor descriptor) {
    return Descriptors.target(Descriptors.number(descriptor));
  }

  static String message(Exception e) {
    return Objects.requireNonNull(e.getMessage());
  }

  /** Whether one of the entries of {@code /proc/self/fd} is a socket. */
  static boolean isSocket(Path descriptor) {
    return Descriptors.target(Integer.parseInt(descriptor.getFileName().toString()))
        .startsWith("socket:");
  }

  /** Waits until so many wait, or more than the backlog allows. */
  static void awaitQueue(Address address, int length) {
    while (AcceptQueues.read().length(address) < length) {
      Thread.onSpinWait();
    }
  }
}
