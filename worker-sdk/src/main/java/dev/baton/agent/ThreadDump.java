package dev.baton.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;

/**
 * What all threads do, as {@code jstack} prints it, so that what reads its dumps reads ours. Only
 * of platform threads, as there.
 */
final class ThreadDump {
  private final OutputStream out;
  private long room;

  private ThreadDump(OutputStream out, long most) {
    this.out = out;
    this.room = most;
  }

  /**
   * Writes it behind what is in the file.
   *
   * @param figures told first
   * @param file is closed
   * @param most bytes; the rest is cut off
   */
  static void write(JvmFigures figures, FileOutputStream file, long most) throws IOException {
    try (OutputStream out = new BufferedOutputStream(file)) {
      new ThreadDump(out, most).write(figures);
    }
  }

  private void write(JvmFigures figures) throws IOException {
    StringBuilder head = new StringBuilder("figures, by its agent:");
    figures.read().fields().forEach((key, value) -> head.append(' ').append(key + "=" + value));
    print(head.toString());
    print("");
    print("threads, by its agent:");
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    // Without java.util.concurrent's locks: to find those it would walk the whole heap.
    for (ThreadInfo one : threads.dumpAllThreads(threads.isObjectMonitorUsageSupported(), false)) {
      print("");
      write(one);
    }
    long[] deadlocked = threads.findMonitorDeadlockedThreads();
    if (deadlocked != null) {
      print("");
      print("deadlock of " + deadlocked.length + " threads:");
      for (ThreadInfo one : threads.getThreadInfo(deadlocked)) {
        print(one == null ? "" : "  \"" + one.getThreadName() + "\" waits for" + lock(one));
      }
    }
  }

  private void write(ThreadInfo thread) throws IOException {
    print(
        '"'
            + (thread.getThreadName() + "\" #" + thread.getThreadId())
            + (thread.isDaemon() ? " daemon" : "")
            + (" prio=" + thread.getPriority())
            + (thread.isInNative() ? " in native code" : ""));
    print("   java.lang.Thread.State: " + thread.getThreadState());
    StackTraceElement[] frames = thread.getStackTrace();
    for (int depth = 0; depth < frames.length; depth++) {
      print("\tat " + frames[depth]);
      if (depth == 0 && thread.getLockInfo() != null) {
        print("\t- waiting on" + lock(thread));
      }
      for (MonitorInfo monitor : thread.getLockedMonitors()) {
        if (monitor.getLockedStackDepth() == depth) {
          print("\t- locked " + name(monitor));
        }
      }
    }
  }

  private static String lock(ThreadInfo waiting) {
    LockInfo lock = waiting.getLockInfo();
    String owner = waiting.getLockOwnerName();
    return (lock == null ? "" : " " + name(lock))
        + (owner == null ? "" : " owned by \"" + owner + "\" #" + waiting.getLockOwnerId());
  }

  private static String name(LockInfo lock) {
    return String.format("<0x%08x> (a %s)", lock.getIdentityHashCode(), lock.getClassName());
  }

  private void print(String line) throws IOException {
    byte[] bytes = (line + "\n").getBytes(UTF_8);
    if (bytes.length <= room) {
      out.write(bytes);
    } else if (room > 0) {
      out.write("... cut off\n".getBytes(UTF_8));
    }
    room = bytes.length <= room ? room - bytes.length : 0;
  }
}
