package dev.baton.agent;

import java.io.IOException;

/** What the supervisor may ask of a worker at any time. Called one after the other. */
interface Orders {
  /** Puts this face under every listener; {@code SHARED} or {@code PRIVATE}. */
  void switchTo(String face) throws IOException;

  /** How many connections accepted on the shared faces are still open. */
  int acceptedConnections() throws IOException;
}
