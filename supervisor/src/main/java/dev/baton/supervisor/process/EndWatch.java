package dev.baton.supervisor.process;

import java.util.function.BooleanSupplier;

/**
 * Sees the end of processes that are not our children, for whom the JDK looks only every few
 * seconds: one thread for each, which looks more often, but rests the longer the longer it lasts.
 */
public final class EndWatch {
  private static final int FIRST_PAUSE_MILLIS = 5;
  private static final int LONGEST_PAUSE_MILLIS = 100;

  private EndWatch() {}

  /**
   * Starts to watch.
   *
   * @param isAlive asked again and again, on a thread of its own, like what follows
   * @param ended told once
   */
  public static void start(BooleanSupplier isAlive, Runnable ended) {
    Thread thread = new Thread(() -> watch(isAlive, ended), "end-watch");
    thread.setDaemon(true);
    thread.start();
  }

  private static void watch(BooleanSupplier isAlive, Runnable ended) {
    try {
      for (int pause = FIRST_PAUSE_MILLIS;
          isAlive.getAsBoolean();
          pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
        Thread.sleep(pause);
      }
      ended.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
