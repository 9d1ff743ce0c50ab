package dev.baton.supervisor.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Many addresses: {@code 8080}, {@code 9000-9999}, {@code 127.0.0.1:*}, {@code udp:*}, {@code
 * unix:/run/*}. What is left out stands for any.
 *
 * @param kind the transport; tcp unless it is written
 * @param host an IP address in its shortest form; empty for any
 * @param from the first port
 * @param to the last port
 * @param path a path, or the beginning of one if it ends with a star
 */
public record AddressPattern(Address.Kind kind, String host, int from, int to, String path) {
  private static final int LAST_PORT = 65535;
  private static final Pattern INET =
      Pattern.compile(
          "(?:(?<kind>tcp|udp):)?(?:(?<host>\\[[^\\]]+\\]|[^:]+):)?"
              + "(?:\\*|(?<from>\\d{1,5})(?:-(?<to>\\d{1,5}))?)");

  public static AddressPattern parse(String text) throws ConfigException {
    if (text.startsWith("unix:/")) {
      return new AddressPattern(Address.Kind.UNIX, "", 0, 0, text.substring("unix:".length()));
    }
    Matcher inet = INET.matcher(text);
    if (!inet.matches()) {
      throw new ConfigException(
          "'"
              + text
              + "' is no address pattern; write 8080, 9000-9999, 127.0.0.1:*, udp:* or"
              + " unix:/run/*");
    }
    int from = inet.group("from") == null ? 1 : Integer.parseInt(inet.group("from"));
    int single = inet.group("from") == null ? LAST_PORT : from;
    int to = inet.group("to") == null ? single : Integer.parseInt(inet.group("to"));
    if (from < 1 || to > LAST_PORT || from > to) {
      throw new ConfigException("'" + text + "' has no ports between 1 and " + LAST_PORT);
    }
    Address.Kind kind = "udp".equals(inet.group("kind")) ? Address.Kind.UDP : Address.Kind.TCP;
    String host = inet.group("host");
    // Through the parser of addresses, so that both know one address by one text.
    boolean any = host == null || host.equals("*");
    return new AddressPattern(kind, any ? "" : Address.parse(host + ":1").host(), from, to, "");
  }

  /** Whether the address is one of them. */
  public boolean matches(Address address) {
    if (address.kind() != kind) {
      return false;
    }
    if (kind == Address.Kind.UNIX) {
      return path.endsWith("*")
          ? address.path().startsWith(path.substring(0, path.length() - 1))
          : address.path().equals(path);
    }
    boolean sameHost = host.isEmpty() || host.equals(address.host());
    return sameHost && from <= address.port() && address.port() <= to;
  }
}
