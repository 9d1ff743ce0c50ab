package dev.baton.supervisor.process;

/** What a worker has said of itself, last. Any thread. */
public final class Word {
  private volatile boolean ready;
  private volatile String status = "";

  public void sayReady() {
    ready = true;
  }

  public void sayStatus(String text) {
    status = text;
  }

  boolean isReady() {
    return ready;
  }

  String status() {
    return status;
  }
}
