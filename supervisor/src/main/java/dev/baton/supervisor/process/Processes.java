package dev.baton.supervisor.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.primitives.Bytes;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What can be asked of, and done to, a process by its pid. */
public final class Processes {
  /** From the third field of {@code /proc/PID/stat}, the state, to one after the start time. */
  private static final int STAT_FIELDS = 21;

  private static final int SIGQUIT = 3;

  private Processes() {}

  /**
   * Sends SIGTERM to the JVM of a worker, and to the process it was started as: a script that waits
   * for its JVM must not outlive it, and must not die before it either.
   */
  public static void terminate(ProcessHandle root, long jvm) {
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
  public static void signal(ProcessHandle root, long jvm, String name) throws IOException {
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

  /**
   * Whether it does something of its own at SIGQUIT, as a JVM prints its threads: whatever does not
   * would die of it.
   */
  public static boolean catchesQuit(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"), ISO_8859_1)) {
        if (line.startsWith("SigCgt:")) {
          long caught = Long.parseUnsignedLong(line.substring("SigCgt:".length()).strip(), 16);
          return (caught & (1L << (SIGQUIT - 1))) != 0;
        }
      }
    } catch (IOException e) {
      // gone
    }
    return false;
  }

  /** Sends SIGKILL to the worker and everything it has started. */
  public static void kill(ProcessHandle root, long jvm) {
    List<ProcessHandle> family = root.descendants().toList();
    root.destroyForcibly();
    family.forEach(ProcessHandle::destroyForcibly);
    if (jvm != 0 && jvm != root.pid()) {
      ProcessHandle.of(jvm).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  /**
   * When it was started, in the kernel's ticks since the host's; 0 when there is no such process,
   * or only what is left of one that nobody has waited for. With the pid it tells one process from
   * all others.
   */
  public static long startedAt(long pid) {
    try {
      String[] fields = stat(pid);
      return fields[0].equals("Z") || fields[0].equals("X")
          ? 0
          : Long.parseLong(fields[STAT_FIELDS - 2]);
    } catch (IOException | RuntimeException e) {
      return 0;
    }
  }

  /** Whether it has ended, and nobody has waited for it yet. */
  static boolean isZombie(long pid) {
    try {
      return stat(pid)[0].equals("Z");
    } catch (IOException | RuntimeException e) {
      return false; // gone
    }
  }

  /** What {@code /proc/PID/stat} says, from the state on. */
  private static String[] stat(long pid) throws IOException {
    // The second field is the program's name, in which any byte can be.
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), ISO_8859_1);
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", STAT_FIELDS);
  }

  /** The processes that were started with that value in their environment; those we may look at. */
  public static List<Long> withVariable(String name, String value) throws IOException {
    byte[] wanted = (name + "=" + value).getBytes(UTF_8);
    List<Long> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path process : all) {
        if (contains(process.resolve("environ"), wanted)) {
          found.add(Long.parseLong(process.getFileName().toString()));
        }
      }
    }
    return found;
  }

  private static boolean contains(Path environment, byte[] wanted) {
    try {
      return Bytes.indexOf(Files.readAllBytes(environment), wanted) >= 0;
    } catch (IOException e) {
      return false; // gone, or not ours
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
