package dev.baton.supervisor.process;

import dev.baton.jdk.Zombies;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Reaps children that we have not started. The first process of a container inherits all whose
 * parent has ended, such as what a start script has left behind, and they would pile up as zombies:
 * a JVM waits only for those it has started.
 */
public final class Orphans implements Closeable {
  private static final long MILLIS_BETWEEN_LOOKS = TimeUnit.SECONDS.toMillis(2);

  private final Thread thread;

  // Mutable state, on the thread
  private Set<Long> zombies = Set.of();

  private Orphans() {
    thread = new Thread(this::run, "orphans");
    thread.setDaemon(true);
  }

  /** Begins to; until it is closed. */
  public static Orphans reap() {
    Orphans orphans = new Orphans();
    orphans.thread.start();
    return orphans;
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(MILLIS_BETWEEN_LOOKS);
        look();
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /** The JDK takes its own at once: what is a zombie twice running is an orphan. */
  private void look() {
    Set<Long> now = new HashSet<>();
    List<ProcessHandle> children = ProcessHandle.current().children().toList();
    for (ProcessHandle child : children) {
      long pid = child.pid();
      if (Processes.isZombie(pid) && !(zombies.contains(pid) && isReaped(pid))) {
        now.add(pid);
      }
    }
    zombies = now;
  }

  private static boolean isReaped(long pid) {
    try {
      int unused = Zombies.reap(pid);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
