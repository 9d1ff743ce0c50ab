package dev.baton.supervisor.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What can be asked of, and done to, a process by its pid. */
public final class Processes {
  private Processes() {}

  /**
   * Sends SIGTERM to the JVM of a worker, and to the process it was started as: a script that waits
   * for its JVM must not outlive it, and must not die before it either.
   */
  public static void terminate(Process root, long jvm) {
    if (jvm != 0 && jvm != root.pid()) {
      ProcessHandle.of(jvm).ifPresent(ProcessHandle::destroy);
    } else {
      root.destroy();
    }
  }

  /**
   * Sends a signal to whom {@link #terminate} would send SIGTERM. Does not wait for it to arrive.
   *
   * @param name such as {@code TERM} or {@code QUIT}, with or without {@code SIG}
   */
  public static void signal(Process root, long jvm, String name) throws IOException {
    String signal = name.startsWith("SIG") ? name.substring("SIG".length()) : name;
    if (signal.equals("TERM")) {
      terminate(root, jvm);
      return;
    }
    long target = jvm == 0 ? root.pid() : jvm;
    if (ProcessHandle.of(target).isPresent()) {
      // The JDK sends two signals only; every shell has this one, whatever is installed.
      new ProcessBuilder("/bin/sh", "-c", "kill -s \"$0\" \"$1\"", signal, Long.toString(target))
          .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
    }
  }

  /** Sends SIGKILL to the worker and everything it has started. */
  public static void kill(Process root, long jvm) {
    List<ProcessHandle> family = root.descendants().toList();
    root.destroyForcibly();
    family.forEach(ProcessHandle::destroyForcibly);
    if (jvm != 0 && jvm != root.pid()) {
      ProcessHandle.of(jvm).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  /** Resident memory in bytes; 0 when the process is gone. */
  public static long residentBytes(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
      }
    } catch (IOException e) {
      // gone
    }
    return 0;
  }
}
