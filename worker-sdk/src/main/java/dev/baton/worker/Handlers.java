package dev.baton.worker;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the application does when it is switched on, when it drains, and when it ends. Its handlers
 * run one after the other on a thread of their own, in the order of what happened.
 */
final class Handlers {
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Handlers::daemon);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final long stopMillis;

  // Mutable state, guarded by this
  private final List<Consumer<Boolean>> switches = new ArrayList<>();
  private final List<Consumer<Drain>> drains = new ArrayList<>();
  private boolean on;
  private boolean hooked;

  private volatile @Nullable Drain drain;

  /**
   * Knows nothing yet.
   *
   * @param stopMillis how long this JVM may take to end when it is told to
   */
  Handlers(long stopMillis) {
    this.stopMillis = stopMillis;
    thread.allowCoreThreadTimeOut(true);
  }

  private static Thread daemon(Runnable work) {
    Thread made = new Thread(work, "baton-handlers");
    made.setDaemon(true);
    return made;
  }

  boolean isDraining() {
    return drain != null;
  }

  synchronized void onSwitch(Consumer<Boolean> handler) {
    switches.add(handler);
    if (on) {
      run(handler, true);
    }
  }

  synchronized void onDrain(Consumer<Drain> handler) {
    hookEnd();
    drains.add(handler);
    Drain begun = drain;
    if (begun != null) {
      run(handler, begun);
    }
  }

  synchronized void switchedOn() {
    drain = null;
    if (!on) {
      on = true;
      switches.forEach(handler -> run(handler, true));
    }
  }

  /** Told again while it drains, it goes on draining. */
  synchronized void drain(long end) {
    if (drain != null) {
      return;
    }
    Drain begun = new Drain(end);
    drain = begun;
    if (on) {
      on = false;
      switches.forEach(handler -> run(handler, false));
    }
    drains.forEach(handler -> run(handler, begun));
  }

  /** Waits until this JVM begins to end. */
  void awaitStop() throws InterruptedException {
    hookEnd();
    ended.await();
  }

  /** From now on handlers are called before this JVM ends. */
  synchronized void hookEnd() {
    if (!hooked) {
      hooked = true;
      try {
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "baton-stop"));
      } catch (IllegalStateException e) {
        ended.countDown(); // it is ending already, and waits for nobody new
      }
    }
  }

  /** The shutdown hook: whoever has not drained yet does, and is waited for. */
  private void end() {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(stopMillis);
    drain(end);
    ended.countDown();
    takeNoMore();
    try {
      var unused = thread.awaitTermination(stopMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does that to a hook
    }
  }

  private synchronized void takeNoMore() {
    thread.shutdown();
  }

  private <T> void run(Consumer<T> handler, T argument) {
    if (!thread.isShutdown()) {
      thread.execute(() -> call(handler, argument));
    }
  }

  @SuppressWarnings("CatchAndPrintStackTrace") // it is logged; the next handler has its own work
  private static <T> void call(Consumer<T> handler, T argument) {
    try {
      handler.accept(argument);
    } catch (RuntimeException | Error e) {
      System.getLogger(Worker.class.getName()).log(Level.ERROR, "a handler failed", e);
    }
  }
}
