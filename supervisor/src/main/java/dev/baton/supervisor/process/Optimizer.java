package dev.baton.supervisor.process;

import dev.baton.supervisor.process.Weight.Means;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The optimizing compiler of a worker's JVM. While the worker boots it takes processors from the
 * code that boots, for results that this hardly gets to use: its threads have a lower weight until
 * the worker is ready. The quick compiler keeps its own: the boot waits for that.
 *
 * <p>Both methods block, and may be called on different threads.
 */
public final class Optimizer {
  /** A JVM has its compilers after 30 ms or more. What has none in 5 s is none, or a script. */
  private static final long FIRST_PAUSE_MILLIS = 20;

  private static final long LONGEST_PAUSE_MILLIS = 3000;

  /** Compiler threads come and go, and one that went is an error to who would raise it. */
  private static final int MOST_PASSES = 5;

  private final long root;
  private final CountDownLatch ready = new CountDownLatch(1);

  /**
   * Lowers nothing yet.
   *
   * @param root the process that becomes the JVM
   */
  public Optimizer(long root) {
    this.root = root;
  }

  /** Lowers it as soon as it is there, unless it was raised before, or could not be. */
  public synchronized void lower(Weight weight) throws InterruptedException {
    if (weight.means() != Means.NICE) {
      return; // single threads are lowered by nothing else that leads back
    }
    long pause = FIRST_PAUSE_MILLIS;
    boolean found = false;
    while (!found && pause <= LONGEST_PAUSE_MILLIS && !ready.await(pause, TimeUnit.MILLISECONDS)) {
      List<Long> full = threads(root, weight.ownNice(), CompilerThreads::isOptimizing);
      found = !full.isEmpty();
      if (found) {
        // Of one that has ended meanwhile there is nothing to lower.
        var unused = weight.set(weight.loweredNice(), full);
      }
      pause *= 2;
    }
  }

  /**
   * Raises what was lowered, by whomever.
   *
   * @param jvm of the worker, which a script may have started; 0 for none
   * @return why something could not be; empty when the kernel shows nothing any more
   */
  public String raise(Weight weight, long jvm) {
    ready.countDown();
    return weight.means() == Means.NICE ? raiseAll(weight, jvm == 0 ? root : jvm) : "";
  }

  private synchronized String raiseAll(Weight weight, long jvm) {
    String trouble = "";
    for (int pass = 0; pass < MOST_PASSES; pass++) {
      // One that was lowered starts others, for both compilers, and these are lowered as it was.
      List<Long> lowered = threads(jvm, weight.loweredNice(), CompilerThreads::isOne);
      if (lowered.isEmpty() || Weight.niceOf(jvm) != weight.ownNice()) {
        return ""; // or all of it has a weight that somebody else has chosen
      }
      trouble = weight.set(weight.ownNice(), lowered);
    }
    return trouble;
  }

  private static List<Long> threads(long pid, int nice, Predicate<String> name) {
    return Task.of(pid).stream()
        .filter(task -> task.nice() == nice && name.test(task.name()))
        .map(Task::id)
        .toList();
  }
}
