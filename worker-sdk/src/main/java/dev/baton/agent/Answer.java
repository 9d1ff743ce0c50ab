package dev.baton.agent;

import dev.baton.channel.Connection.Received;
import java.io.IOException;
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

  /** There will be none. */
  synchronized void giveUp() {
    over = true;
    notifyAll();
  }

  /** Waits for the message, which is then the caller's. */
  synchronized Received await(long mostMillis) throws IOException, InterruptedException {
    long end = System.nanoTime() + mostMillis * 1_000_000;
    for (long left = mostMillis; !over && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
      try {
        wait(left);
      } catch (InterruptedException e) {
        over = true; // what comes now is nobody's: its descriptors must not be left with us
        throw e;
      }
    }
    over = true;
    if (received == null) {
      throw new IOException("the supervisor is gone, or does not answer");
    }
    return received;
  }
}
