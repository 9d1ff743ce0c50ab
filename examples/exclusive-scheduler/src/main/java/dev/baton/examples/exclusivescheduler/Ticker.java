package dev.baton.examples.exclusivescheduler;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What only one worker may do at a time. Not safe for threads: a lease begins and ends on one of
 * its own.
 */
final class Ticker {
  private final long everyMillis;

  /** Of this term: one that has been shut down does not begin again. */
  private ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

  Ticker(long everyMillis) {
    this.everyMillis = everyMillis;
  }

  /** Returns at once. */
  void begin() {
    scheduler = Executors.newSingleThreadScheduledExecutor();
    var unused = scheduler.scheduleAtFixedRate(this::tick, 0, everyMillis, TimeUnit.MILLISECONDS);
  }

  /** Returns when no tick is under way any more: only then may somebody else begin. */
  void end() {
    scheduler.shutdown();
    try {
      while (!scheduler.awaitTermination(1, TimeUnit.SECONDS)) {
        System.out.println("waiting for a tick that is under way");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("a tick may be under way", e); // so the lease stays here
    }
  }

  private void tick() {
    System.out.println("tick by pid " + ProcessHandle.current().pid());
  }
}
