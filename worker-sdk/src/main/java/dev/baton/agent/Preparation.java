package dev.baton.agent;

import dev.baton.channel.Endpoint;
import java.io.IOException;

/** Loads what the first bind will need while the application has not come to it yet. */
final class Preparation implements Runnable {
  private final Thread thread = new Thread(this, "baton-preparation");

  private Preparation() {
    thread.setDaemon(true);
  }

  static Preparation start() {
    Preparation preparation = new Preparation();
    preparation.thread.start();
    return preparation;
  }

  @Override
  public void run() {
    try {
      Endpoint.prepare();
    } catch (IOException | RuntimeException | LinkageError e) {
      // Whoever connects next meets the same, and reports it.
    }
  }

  /** Waits for its end: two threads that initialize the same classes could block each other. */
  void await() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // an application's: to attach or not does not hang on it
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
