package dev.baton.supervisor.resource;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;

/** Accepts connections until there is nothing to accept from: one thread, one more for each. */
public final class AcceptLoop {
  private static final Logger LOG = System.getLogger(AcceptLoop.class.getName());
  private static final int PAUSE_MILLIS = 100;

  private AcceptLoop() {}

  /**
   * Where connections come from.
   *
   * @param <C> a connection
   */
  public interface Source<C> {
    /**
     * Blocks until there is one.
     *
     * @throws ClosedChannelException when there will be none any more
     */
    C accept() throws IOException;
  }

  /**
   * Starts accepting, on daemon threads.
   *
   * @param name what the threads are called
   * @param serve runs on the thread of its connection, which it has to close
   */
  public static <C> void start(String name, Source<C> source, Consumer<C> serve) {
    startThread(name + "-accept", () -> acceptAll(name, source, serve));
  }

  private static <C> void acceptAll(String name, Source<C> source, Consumer<C> serve) {
    while (true) {
      try {
        C connection = source.accept();
        startThread(name, () -> serve.accept(connection));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.log(Level.WARNING, name + ": cannot accept, trying on: " + e.getMessage());
        pause();
      }
    }
  }

  /** Out of descriptors, most likely: without a pause the next attempt would fail at once. */
  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void startThread(String name, Runnable role) {
    Thread thread = new Thread(role, name);
    thread.setDaemon(true);
    thread.start();
  }
}
