package dev.baton.agent;

import dev.baton.jdk.Sockets;
import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;

/** A bind as the application asked for it, in the words of the protocol. */
record BindRequest(Message message, boolean isUnix, String address) {
  static BindRequest inet(String kind, InetAddress address, int port, FileDescriptor socket)
      throws IOException {
    boolean ipv6 = Sockets.isIpv6(socket);
    String host = address.isAnyLocalAddress() ? "*" : address.getHostAddress();
    Message message =
        Message.of(Verb.BIND)
            .with("kind", kind)
            .with("family", ipv6 ? "inet6" : "inet")
            .with("address", host)
            .with("port", port)
            .with("reuseport", Sockets.sharesPort(socket));
    return new BindRequest(message, false, host + ":" + port);
  }

  static BindRequest unix(Path path) {
    String absolute = path.toAbsolutePath().normalize().toString();
    return new BindRequest(
        Message.of(Verb.BIND).with("kind", "unix").with("path", absolute), true, absolute);
  }
}
