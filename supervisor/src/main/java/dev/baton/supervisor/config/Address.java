package dev.baton.supervisor.config;

import com.google.common.net.InetAddresses;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a listener listens. Equal addresses are one listener, whichever worker or option named it.
 *
 * @param kind the transport
 * @param host an IP address in its shortest form, {@code *} for every address, empty for a unix
 *     socket
 * @param port 1 to 65535; 0 for a unix socket
 * @param path absolute, for a unix socket; empty otherwise
 */
public record Address(Kind kind, String host, int port, String path) {
  /** The transport of a listener. */
  public enum Kind {
    TCP,
    UDP,
    UNIX
  }

  private static final Pattern INET =
      Pattern.compile("(?:(?<kind>tcp|udp):)?(?:(?<host>\\[[^\\]]+\\]|[^:]*):)?(?<port>\\d{1,5})");

  public static Address unix(String path) {
    return new Address(Kind.UNIX, "", 0, path);
  }

  /**
   * Reads {@code [tcp:|udp:][HOST:]PORT} or {@code unix:/PATH}, where HOST is an IP address (IPv6
   * in brackets) or {@code *}.
   */
  public static Address parse(String text) throws ConfigException {
    if (text.startsWith("unix:/") && text.indexOf('\0') < 0) {
      return unix(text.substring("unix:".length()));
    }
    Matcher inet = INET.matcher(text);
    if (!inet.matches()) {
      throw new ConfigException(
          "'"
              + text
              + "' is no address; write 8080, 127.0.0.1:8080, [::1]:8080, udp:5353 or"
              + " unix:/run/app.sock");
    }
    int port = Integer.parseInt(inet.group("port"));
    if (port < 1 || port > 65535) {
      throw new ConfigException("port " + port + " in '" + text + "' is not between 1 and 65535");
    }
    Kind kind = "udp".equals(inet.group("kind")) ? Kind.UDP : Kind.TCP;
    String host = inet.group("host") == null ? "*" : inet.group("host").replaceAll("[\\[\\]]", "");
    return new Address(kind, host.equals("*") ? host : canonical(host, text), port, "");
  }

  /** One text for one address: {@code 0:0:0:0:0:0:0:1}, as the JDK prints it, is {@code ::1}. */
  private static String canonical(String host, String text) throws ConfigException {
    try {
      String shortest = InetAddresses.toAddrString(InetAddresses.forString(host));
      return shortest.equals("0.0.0.0") || shortest.equals("::") ? "*" : shortest;
    } catch (IllegalArgumentException e) {
      // A name, or the scope of an interface this host does not have.
      throw new ConfigException(
          "'"
              + host
              + "' in '"
              + text
              + "' is no IP address of this host; write 8080, 127.0.0.1:8080 or [::1]:8080");
    }
  }

  public boolean isUnix() {
    return kind == Kind.UNIX;
  }

  /** Whether clients connect to it. */
  public boolean isStream() {
    return kind != Kind.UDP;
  }

  /** The one name of the listener: in messages, logs and {@code status}. */
  @Override
  public String toString() {
    if (isUnix()) {
      return "unix:" + path;
    }
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return kind.name().toLowerCase(Locale.ROOT) + ":" + shown + ":" + port;
  }
}
