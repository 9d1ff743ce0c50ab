package dev.baton.supervisor.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The gate a new worker has to pass on its private faces before it gets clients.
 *
 * @param kind what is asked
 * @param port whose private face an http probe goes to; 0 for the first tcp listener
 * @param path what an http probe gets, beginning with a slash
 */
public record Probe(Kind kind, int port, String path) {
  /** What is asked of a worker. */
  public enum Kind {
    /** Nothing: that it listens is enough. */
    NONE,
    /** That it takes a connection from the queue of each stream listener. */
    TCP,
    /** That it answers a GET with a status from 200 to 399. */
    HTTP
  }

  private static final Pattern HTTP = Pattern.compile("http:(\\d{1,5})?(/\\S*)");

  public static final Probe TCP = new Probe(Kind.TCP, 0, "");

  /** Reads {@code none}, {@code tcp}, {@code http:/PATH} or {@code http:PORT/PATH}. */
  public static Probe parse(String text) throws ConfigException {
    if (text.equals("none")) {
      return new Probe(Kind.NONE, 0, "");
    }
    if (text.equals("tcp")) {
      return TCP;
    }
    Matcher http = HTTP.matcher(text);
    if (http.matches()) {
      int port = http.group(1) == null ? 0 : Integer.parseInt(http.group(1));
      return new Probe(Kind.HTTP, port, http.group(2));
    }
    throw new ConfigException(
        "'" + text + "' is no probe; write none, tcp, http:/health or http:8081/health");
  }

  @Override
  public String toString() {
    return switch (kind) {
      case NONE -> "none";
      case TCP -> "tcp";
      case HTTP -> "http:" + (port == 0 ? "" : port) + path;
    };
  }
}
