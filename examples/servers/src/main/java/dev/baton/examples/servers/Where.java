package dev.baton.examples.servers;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/**
 * Reads where to listen: {@code 8080}, {@code 127.0.0.1:8080}, {@code [::1]:8080}, {@code unix:/p}.
 */
final class Where {
  private Where() {}

  static SocketAddress parse(String text) {
    return text.startsWith("unix:")
        ? UnixDomainSocketAddress.of(text.substring("unix:".length()))
        : inet(text);
  }

  static InetSocketAddress inet(String text) {
    int colon = text.lastIndexOf(':');
    int port = Integer.parseInt(text.substring(colon + 1));
    return colon < 0
        ? new InetSocketAddress(port)
        : new InetSocketAddress(text.substring(0, colon).replaceAll("[\\[\\]]", ""), port);
  }
}
