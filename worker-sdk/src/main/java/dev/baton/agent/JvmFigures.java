package dev.baton.agent;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.concurrent.TimeUnit;

/**
 * How this JVM does, in a few numbers. What tells them is loaded with the first look, which takes
 * some ten milliseconds; each further one takes less than one. One thread looks.
 */
final class JvmFigures {
  private static final int PERMILLE = 1000;

  // Mutable state
  private long lookedAt;
  private long pausedMillis;

  /** At this moment; of the pauses the share of the time since the last look, or the start. */
  Message read() {
    Message figures = Message.of(Verb.FIGURES).with("java", System.getProperty("java.version"));
    try {
      return Management.addTo(figures, this);
    } catch (LinkageError e) {
      // An image without java.management: what the runtime itself knows.
      Runtime runtime = Runtime.getRuntime();
      return figures
          .with("heap", runtime.totalMemory() - runtime.freeMemory())
          .with("heap-max", runtime.maxMemory());
    }
  }

  private long pausedPermille(long upMillis, long paused) {
    long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    long elapsed = lookedAt == 0 ? upMillis : now - lookedAt;
    long share = (paused - pausedMillis) * PERMILLE / Math.max(1, elapsed);
    lookedAt = now;
    pausedMillis = paused;
    return Math.max(0, Math.min(PERMILLE, share));
  }

  /** All that needs java.management: a class of its own, which is loaded when it is called. */
  private static final class Management {
    static Message addTo(Message figures, JvmFigures last) {
      MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
      ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
      long up = ManagementFactory.getRuntimeMXBean().getUptime();
      return figures
          .with("heap", heap.getUsed())
          .with("heap-max", Math.max(0, heap.getMax()))
          .with("gc-permille", last.pausedPermille(up, pausedMillis()))
          .with("threads", ManagementFactory.getThreadMXBean().getThreadCount())
          .with("classes", classes.getLoadedClassCount())
          .with("up-millis", up);
    }

    /** Collectors that work beside the application count that work as cycles, not as pauses. */
    private static long pausedMillis() {
      long sum = 0;
      for (GarbageCollectorMXBean one : ManagementFactory.getGarbageCollectorMXBeans()) {
        sum += one.getName().endsWith("Cycles") ? 0 : Math.max(0, one.getCollectionTime());
      }
      return sum;
    }
  }
}
