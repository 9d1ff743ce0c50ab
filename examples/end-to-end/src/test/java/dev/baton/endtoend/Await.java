package dev.baton.endtoend;

import java.util.concurrent.TimeUnit;

/** Waits for a fact, and says which one did not come true. */
final class Await {
  private static final long MOST_SECONDS = 60;

  private Await() {}

  /** Something that is true or not yet. */
  interface Fact {
    boolean isTrue() throws Exception;
  }

  static void until(String what, Fact fact) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
    while (!fact.isTrue()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within " + MOST_SECONDS + " s: " + what);
      }
      Thread.sleep(10);
    }
  }
}
