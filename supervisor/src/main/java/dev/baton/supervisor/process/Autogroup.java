package dev.baton.supervisor.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

/**
 * The group of a session, as the kernel's scheduler has it. Where there are such groups the weights
 * of threads count only against those of the same session, and groups have weights of their own. A
 * process may raise what it has lowered, whoever it is.
 */
final class Autogroup {
  private static final String LOWERED = " nice " + Weight.LOWERED;
  private static final int MOST_LOOKS = 200;
  private static final long LOOK_AGAIN_NANOS = 1_000_000;

  private Autogroup() {}

  /**
   * Lowers that of a process that is about to have a session of its own; waits until it has. Before
   * that its group is ours, which is to stay as it is.
   */
  static void lower(long pid) {
    String ours = name(ProcessHandle.current().pid());
    for (int i = 0; i < MOST_LOOKS; i++) {
      String its = name(pid);
      if (its.isEmpty()) {
        return; // it is gone, or the kernel has no such groups
      }
      if (!its.equals(ours) && write(pid, Weight.LOWERED).isEmpty()) {
        return;
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }

  static boolean isLowered(long pid) {
    return read(pid).endsWith(LOWERED);
  }

  /** Returns why it could not be; empty if it could. */
  static String raise(long pid) {
    return write(pid, 0);
  }

  private static String write(long pid, int nice) {
    try {
      Files.writeString(file(pid), Integer.toString(nice), StandardOpenOption.WRITE);
      return "";
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Such as {@code /autogroup-12}; empty if there is none. */
  private static String name(long pid) {
    String line = read(pid);
    return line.substring(0, Math.max(0, line.indexOf(' ')));
  }

  private static String read(long pid) {
    try {
      return Files.readString(file(pid)).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static Path file(long pid) {
    return Path.of("/proc", Long.toString(pid), "autogroup");
  }
}
