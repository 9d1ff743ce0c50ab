package dev.baton.supervisor.loop;

import dev.baton.supervisor.process.Optimizer;
import dev.baton.supervisor.process.Weight;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The scheduling weight of workers. Whatever takes a process of its own is done beside the loop.
 */
final class Weights {
  private final Consumer<String> tell;
  private final CompletableFuture<Weight> found = new CompletableFuture<>();

  // Mutable state, touched on the loop only
  private boolean asked;
  private boolean told;

  /**
   * Knows nothing yet.
   *
   * @param tell whom to tell, once, that they cannot be lowered
   */
  Weights(Consumer<String> tell) {
    this.tell = tell;
  }

  /**
   * Finds out how they can be lowered and raised, on a thread of its own; once. Before anything
   * else is asked for.
   */
  void prepare() {
    if (!asked) {
      asked = true;
      start(() -> found.complete(Weight.find()));
    }
  }

  /** That of the next worker that is to disturb nobody. */
  Weight lowered() {
    Weight weight = found.getNow(Weight.FULL);
    if (found.isDone() && weight.isFull() && !told) {
      told = true;
      tell.accept(
          "no gentle start: a lower weight could not be raised again on this host;"
              + " it takes nice and renice for root, chrt of util-linux for others");
    }
    return weight;
  }

  /**
   * Raises that of a worker.
   *
   * @param jvm the pid of its JVM; 0 if it has none
   * @param raised hears what is left and why, on another thread; nothing is left if it is empty
   */
  void raise(ProcessHandle process, long jvm, Consumer<String> raised) {
    start(() -> raised.accept(found.join().raise(process, jvm)));
  }

  /**
   * Lowers the optimizing compiler of a JVM that boots. Returns at once.
   *
   * @param optimizer on the thread on which it is lowered
   */
  void lower(Optimizer optimizer) {
    start(
        () -> {
          try {
            optimizer.lower(found.join());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /**
   * Raises it, if it is lowered. Returns at once.
   *
   * @param jvm the pid of its JVM; 0 if it has none
   * @param failed hears why it could not be, on another thread
   */
  void raise(Optimizer optimizer, long jvm, Consumer<String> failed) {
    start(
        () -> {
          String trouble = optimizer.raise(found.join(), jvm);
          if (!trouble.isEmpty()) {
            failed.accept(trouble);
          }
        });
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "weight");
    thread.setDaemon(true);
    thread.start();
  }
}
