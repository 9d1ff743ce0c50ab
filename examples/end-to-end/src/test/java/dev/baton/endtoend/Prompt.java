package dev.baton.endtoend;

import dev.baton.worker.Worker;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.Locale;

/** Has a listener as the first thing it does, and says how many milliseconds that took. */
final class Prompt {
  private Prompt() {}

  static List<String> command() {
    return Application.smallJvm(64, Prompt.class.getName());
  }

  public static void main(String[] args) throws Exception {
    long start = System.nanoTime();
    Worker worker = Worker.attach();
    try (ServerSocketChannel listener = worker.listener("http").channel()) {
      double millis = (System.nanoTime() - start) / 1e6;
      System.out.printf(Locale.ROOT, "%s after %.1f ms%n", listener.getLocalAddress(), millis);
      worker.ready();
      worker.awaitStop();
    }
  }
}
