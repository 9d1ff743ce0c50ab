package dev.baton.worker.testkit;

import java.io.IOException;
import java.net.ConnectException;
import java.util.Locale;

/** Every way in which a request can fail. There is no kind that does not count. */
public enum Failure {
  /** Nobody listens. */
  REFUSED,
  /** The connection was broken off with a reset. */
  RESET,
  /** The connection was closed before the answer was complete. */
  CUT,
  /** No complete answer in time. */
  TIMEOUT,
  /** A complete answer with a status other than 200. */
  BAD_STATUS,
  /** An answer that is not what was asked for, or no HTTP at all. */
  BAD_ANSWER,
  /** The path of a unix socket was not there. */
  NO_PATH,
  /** This client ran out of local ports; says nothing about the server, and is not hidden. */
  CLIENT_PORTS,
  OTHER;

  static Failure of(IOException e) {
    String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (text.contains("reset") || text.contains("broken pipe")) {
      return RESET;
    }
    if (text.contains("no such file")) {
      return NO_PATH;
    }
    if (text.contains("assign requested address")) {
      return CLIENT_PORTS;
    }
    return e instanceof ConnectException ? REFUSED : OTHER;
  }

  /** As people read it: {@code bad status}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
