package dev.baton.supervisor.process;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** How much the JIT compilers of a JVM work, by the word of the kernel. */
final class CompilerThreads {
  /** As HotSpot, Graal and OpenJ9 call theirs; the kernel keeps the first 15 letters. */
  private static final Pattern NAME =
      Pattern.compile("(C1 Comp|C2 Comp|JVMCI Comp|JIT Comp).*", Pattern.DOTALL);

  private static final Pattern OPTIMIZING = Pattern.compile("(C2|JVMCI) Comp.*", Pattern.DOTALL);

  private final Path threads;

  // Mutable state
  private Map<String, Long> before = Map.of();

  CompilerThreads(long pid) {
    this(Path.of("/proc", Long.toString(pid), "task"));
  }

  /**
   * Looks there.
   *
   * @param threads a folder with one for each thread, as the kernel has it
   */
  CompilerThreads(Path threads) {
    this.threads = threads;
  }

  /** Whether a thread of that name is one of them. */
  static boolean isOne(String name) {
    return NAME.matcher(name).matches();
  }

  /** Whether it is one that makes code which another one has made quickly before. */
  static boolean isOptimizing(String name) {
    return OPTIMIZING.matcher(name).matches();
  }

  /**
   * What they have worked, or waited for a processor to work, since the last call, of those that
   * live; 0 where the kernel does not say. One that waits is not idle, whatever it gets: the host
   * may be busy, or the worker have a lower weight until it is ready.
   */
  long nanosSinceLastTime() {
    Map<String, Long> now = new HashMap<>();
    long nanos = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(threads)) {
      for (Path thread : all) {
        if (isOne(read(thread.resolve("comm")))) {
          String id = thread.getFileName().toString();
          long total = wantedNanos(read(thread.resolve("schedstat")));
          nanos += Math.max(0, total - before.getOrDefault(id, 0L));
          now.put(id, total);
        }
      }
    } catch (IOException e) {
      return 0; // it is gone, or not ours to look at
    }
    before = now;
    return nanos;
  }

  /** Its first two numbers, how long it ran and waited; the third is how often it ran. */
  private static long wantedNanos(String schedstat) {
    List<String> numbers = Splitter.on(' ').splitToList(schedstat);
    return numbers.size() < 2 ? 0 : Long.parseLong(numbers.get(0)) + Long.parseLong(numbers.get(1));
  }

  /** Empty for a thread that has just ended. */
  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
