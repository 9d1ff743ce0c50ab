package dev.baton.supervisor.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * How much memory a further worker may take before the host, or a control group we are in, runs
 * out. What the kernel would give back under pressure counts as available.
 *
 * @param availableBytes {@link Long#MAX_VALUE} when this host does not tell
 * @param source whose limit it is, for people
 */
public record HostMemory(long availableBytes, String source) {
  /** The files of a kind of control groups that say how full one is. */
  private record Kind(String name, String limit, String usage, String reclaimable) {}

  private static final Kind V2 = new Kind("v2", "memory.max", "memory.current", "inactive_file");
  private static final Kind V1 =
      new Kind("v1", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file");

  /** Reads it at this moment. */
  public static HostMemory read() {
    return from(HostMemory::textOf);
  }

  private static String textOf(String path) {
    try {
      return Files.readString(Path.of(path));
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * The tightest of all limits that are known.
   *
   * @param texts the content of the file at a path, empty when there is none
   */
  static HostMemory from(UnaryOperator<String> texts) {
    List<HostMemory> all = new ArrayList<>();
    long host = number(texts.apply("/proc/meminfo"), "MemAvailable:");
    if (host >= 0) {
      all.add(new HostMemory(host * 1024, "the host"));
    }
    String groups = texts.apply("/proc/self/cgroup");
    String mounts = texts.apply("/proc/self/mounts");
    for (String line : groups.lines().toList()) {
      // 0::/system.slice/app.service, or 4:memory:/user.slice; the controllers with commas between
      String[] parts = line.split(":", 3);
      if (parts.length == 3) {
        boolean second = parts[1].isEmpty();
        if (second || List.of(parts[1].split(",")).contains("memory")) {
          addGroups(second ? V2 : V1, mountPoint(mounts, second), parts[2], texts, all);
        }
      }
    }
    return all.stream()
        .min(Comparator.comparingLong(HostMemory::availableBytes))
        .orElse(new HostMemory(Long.MAX_VALUE, "unknown"));
  }

  /** Where the groups are, or empty. */
  private static String mountPoint(String mounts, boolean second) {
    for (String line : mounts.lines().toList()) {
      // cgroup /sys/fs/cgroup/memory cgroup rw,relatime,memory 0 0
      String[] words = line.split(" ", -1);
      if (words.length > 3
          && (second
              ? words[2].equals("cgroup2")
              : words[2].equals("cgroup") && List.of(words[3].split(",")).contains("memory"))) {
        return words[1];
      }
    }
    return "";
  }

  /**
   * A group is bound by the limits of all above it. Inside a container the path is one of the
   * host's and not there; the mount point itself is then the container's group.
   */
  private static void addGroups(
      Kind kind, String mount, String group, UnaryOperator<String> texts, List<HostMemory> all) {
    if (mount.isEmpty()) {
      return;
    }
    for (Path path = Path.of(group).normalize(); path != null; path = path.getParent()) {
      String folder = mount + (path.getNameCount() == 0 ? "" : path.toString()) + "/";
      long limit = number(texts.apply(folder + kind.limit()), "");
      long usage = number(texts.apply(folder + kind.usage()), "");
      if (limit >= 0 && usage >= 0) {
        long cache = Math.max(0, number(texts.apply(folder + "memory.stat"), kind.reclaimable()));
        long available = Math.max(0, limit - Math.max(0, usage - cache));
        all.add(new HostMemory(available, "cgroup " + kind.name() + " " + path));
      }
    }
  }

  /**
   * The number in the line that begins with that word; -1 when there is none. No limit is {@code
   * max} in version 2 and a page less than 2^63 in version 1: neither is a number here.
   */
  private static long number(String text, String word) {
    try (Stream<String> lines = text.lines()) {
      return lines
          .map(line -> line.trim().split("\\s+"))
          .filter(words -> word.isEmpty() || words[0].equals(word))
          .map(words -> words[word.isEmpty() ? 0 : Math.min(1, words.length - 1)])
          .filter(number -> number.matches("\\d{1,18}"))
          .mapToLong(Long::parseLong)
          .findFirst()
          .orElse(-1);
    }
  }
}
