package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Files as kernels write them. */
final class HostMemoryTest {
  private static final long MIB = 1L << 20;
  private static final String MEMINFO =
      """
      MemTotal:       24683656 kB
      MemFree:        20000000 kB
      MemAvailable:    2097152 kB
      Buffers:            5732 kB
      """;
  private static final String V1_MOUNTS =
      """
      proc /proc proc rw 0 0
      cgroup /sys/fs/cgroup/cpu cgroup rw,relatime,cpu 0 0
      cgroup /sys/fs/cgroup/memory cgroup rw,relatime,memory 0 0
      cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0
      """;
  private static final String V2_MOUNTS = "cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,relatime 0 0\n";

  private final Map<String, String> files = new HashMap<>(Map.of("/proc/meminfo", MEMINFO));

  @Test
  void withoutControlGroupsTheHostIsTheLimit() {
    assertEquals(new HostMemory(2048 * MIB, "the host"), read());
  }

  @Test
  void limitOfTheOwnGroupCounts() {
    files.put("/proc/self/mounts", V2_MOUNTS);
    files.put("/proc/self/cgroup", "0::/system.slice/baton.service\n");
    group("/sys/fs/cgroup/system.slice/baton.service/", 512 * MIB + "\n", 300 * MIB);

    assertEquals(new HostMemory(212 * MIB, "cgroup v2 /system.slice/baton.service"), read());
  }

  @Test
  void limitOfAGroupAboveCountsToo() {
    files.put("/proc/self/mounts", V2_MOUNTS);
    files.put("/proc/self/cgroup", "0::/system.slice/baton.service\n");
    group("/sys/fs/cgroup/system.slice/baton.service/", "max\n", 300 * MIB);
    group("/sys/fs/cgroup/system.slice/", 1024 * MIB + "\n", 1000 * MIB);

    assertEquals(new HostMemory(24 * MIB, "cgroup v2 /system.slice"), read());
  }

  @Test
  void cacheThatCanBeDroppedIsAvailable() {
    files.put("/proc/self/mounts", V2_MOUNTS);
    files.put("/proc/self/cgroup", "0::/a\n");
    group("/sys/fs/cgroup/a/", 512 * MIB + "\n", 500 * MIB);
    files.put(
        "/sys/fs/cgroup/a/memory.stat",
        "anon 1\nfile 2\ninactive_file " + 200 * MIB + "\nslab 5\n");

    assertEquals(212 * MIB, read().availableBytes());
  }

  @Test
  void containerSeesItsOwnGroupAtTheMountPoint() {
    files.put("/proc/self/mounts", V2_MOUNTS);
    files.put("/proc/self/cgroup", "0::/docker/0a1b2c\n");
    group("/sys/fs/cgroup/", 256 * MIB + "\n", 100 * MIB);

    assertEquals(new HostMemory(156 * MIB, "cgroup v2 /"), read());
  }

  @Test
  void versionOneIsReadWhereItIsMounted() {
    files.put("/proc/self/mounts", V1_MOUNTS);
    files.put("/proc/self/cgroup", "8:pids:/\n4:memory:/process/6ea8\n1:cpu:/\n0::/\n");
    String folder = "/sys/fs/cgroup/memory/process/6ea8/";
    files.put(folder + "memory.limit_in_bytes", 512 * MIB + "\n");
    files.put(folder + "memory.usage_in_bytes", 400 * MIB + "\n");
    files.put(folder + "memory.stat", "inactive_file 1\ntotal_inactive_file " + 88 * MIB + "\n");

    assertEquals(new HostMemory(200 * MIB, "cgroup v1 /process/6ea8"), read());
  }

  @Test
  void versionOneWithoutALimitIsNoLimit() {
    files.put("/proc/self/mounts", V1_MOUNTS);
    files.put("/proc/self/cgroup", "4:cpu,memory:/\n");
    files.put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    files.put("/sys/fs/cgroup/memory/memory.usage_in_bytes", "1000\n");

    assertEquals("the host", read().source());
  }

  @Test
  void groupThatIsOverItsLimitHasNothingLeft() {
    files.put("/proc/self/mounts", V2_MOUNTS);
    files.put("/proc/self/cgroup", "0::/a\n");
    group("/sys/fs/cgroup/a/", 10 * MIB + "\n", 11 * MIB);

    assertEquals(0, read().availableBytes());
  }

  @Test
  void hostThatTellsNothingIsNoLimit() {
    files.clear();
    files.put("/proc/self/cgroup", "nonsense\n\n::");

    assertEquals(new HostMemory(Long.MAX_VALUE, "unknown"), read());
  }

  @Test
  void thisHostTells() {
    HostMemory here = HostMemory.read();

    assertTrue(here.availableBytes() > 0 && here.availableBytes() < Long.MAX_VALUE, "" + here);
  }

  private void group(String folder, String limit, long usage) {
    files.put(folder + "memory.max", limit);
    files.put(folder + "memory.current", usage + "\n");
  }

  private HostMemory read() {
    return HostMemory.from(path -> files.getOrDefault(path, ""));
  }
}
