package dev.baton.agent;

import dev.baton.channel.Connection.Received;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one request, until it is there. A future of the JDK would do, and load forty
 * classes on the way to an application's first bind.
 */
final class Answer {
  private @Nullable Received received;
  private boolean over;

  /** Returns false when nobody waits any more: the message stays the caller's. */
  synchronized boolean give(Received message) {
    if (over) {
      return false;
    }
    received = message;
    over = true;
    notifyAll();
    return true;
  }

  /** There will be none: the connection is lost. */
  synchronized void giveUp() {
    over = true;
    notifyAll();
  }

  /**
   * Waits for the message, which is then the caller's.
   *
   * @return whether it came to an end in time
   */
  synchronized boolean await(long mostMillis) throws InterruptedException {
    long end = System.nanoTime() + mostMillis * 1_000_000;
    for (long left = mostMillis; !over && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
      try {
        wait(left);
      } catch (InterruptedException e) {
        over = true; // what comes now is nobody's: its descriptors must not be left with us
        throw e;
      }
    }
    boolean inTime = over;
    over = true;
    return inTime;
  }

  /** Null when there was none, because the connection is lost. */
  synchronized @Nullable Received received() {
    return received;
  }
}
