package dev.baton.agent;

import java.io.FileDescriptor;
import java.io.IOException;
import java.util.List;

/** What the supervisor may ask of a worker at any time. Called one after the other. */
interface Orders {
  /** Puts this face under every listener; {@code SHARED} or {@code PRIVATE}. */
  void switchTo(String face) throws IOException;

  /**
   * Puts the private face under every listener, to stay so: what was accepted is to be finished.
   *
   * @param lingerMillis how long that may take
   */
  void drain(long lingerMillis) throws IOException;

  /** How many connections accepted on the shared faces are still open. */
  int acceptedConnections() throws IOException;

  /**
   * Puts this file under our descriptors of a log that was rotated; under none if there are none.
   *
   * @param replaces the file they refer to so far, as {@code DEV:INO}
   * @param file stays the caller's
   */
  void rotate(String replaces, FileDescriptor file) throws IOException;

  /**
   * All we hold that is the supervisor's. Waits for nobody: it may be asked for while an
   * application waits for an answer.
   */
  List<Offer> offers() throws IOException;
}
