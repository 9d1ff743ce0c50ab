package dev.baton.supervisor.cli;

import dev.baton.supervisor.config.ListenerConfig;
import dev.baton.supervisor.process.HostMemory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the kernel's own words mean for us. Pure: text in, findings out. */
final class HostJudgement {
  private static final int FIRST_JDK = 17;

  /** A JDK whose insides are closed lacks everything; three of that say enough. */
  private static final int SHOWN = 3;

  private static final Pattern OPEN_FILES = Pattern.compile("Max open files\\s+(\\S+)");
  private static final Pattern CAPABILITIES = Pattern.compile("CapEff:\\s*([0-9a-f]{1,16})");
  private static final int CAP_NET_BIND_SERVICE = 10;

  /** A supervisor without a service uses about forty. */
  private static final long LEAST_FILES = 256;

  private static final long ENOUGH_FILES = 4096;
  private static final long MEBIBYTE = 1L << 20;

  /** A small JVM beside its successor. */
  private static final long LITTLE_MEMORY = 256 * MEBIBYTE;

  /** {@code sun_path} less the closing zero byte. */
  private static final int SOCKET_PATH_BYTES = 107;

  private static final int LONGEST_NAME = 40;
  private static final String LONGEST_SOCKET = "/control.sock";

  private HostJudgement() {}

  /**
   * What the JVM is and has.
   *
   * @param problems what is missing or closed inside
   */
  static Finding jdk(int feature, String version, List<String> problems) {
    if (feature < FIRST_JDK) {
      return Finding.fail("jdk", "version " + version, "install JDK 17 or later, set JAVA_HOME");
    }
    if (problems.isEmpty()) {
      return Finding.ok("jdk", version + ", has inside what a switch needs");
    }
    String more = problems.size() > SHOWN ? " and " + (problems.size() - SHOWN) + " more" : "";
    String found =
        version + ": " + problems.stream().limit(SHOWN).collect(Collectors.joining(", ")) + more;
    return problems.stream().allMatch(problem -> problem.endsWith("is not open"))
        ? Finding.fail("jdk", found, "start it by the launcher 'baton', which opens them")
        : Finding.fail("jdk", found, "use JDK 17, 21 or 25");
  }

  static Finding epoll(boolean visible) {
    return visible
        ? Finding.ok("epoll", "/proc/self/fdinfo shows registrations")
        : Finding.fail(
            "epoll",
            "/proc/self/fdinfo cannot be read",
            "mount /proc; without it no worker can be switched");
  }

  /** From {@code /proc/self/limits}. */
  static Finding openFiles(String limits) {
    Matcher line = OPEN_FILES.matcher(limits);
    if (!line.find()) {
      return Finding.warn("open files", "limit unknown", "is /proc mounted?");
    }
    String soft = line.group(1);
    String advice = "raise it: ulimit -n 65536, or LimitNOFILE=65536 in the systemd unit";
    if (!soft.matches("\\d{1,18}") || Long.parseLong(soft) >= ENOUGH_FILES) {
      return Finding.ok("open files", "at most " + soft);
    }
    return Long.parseLong(soft) < LEAST_FILES
        ? Finding.fail("open files", "at most " + soft, advice)
        : Finding.warn("open files", "at most " + soft + ", workers included", advice);
  }

  /** From {@code net.core.somaxconn}. */
  static Finding acceptQueues(String somaxconn) {
    String most = somaxconn.trim();
    if (!most.matches("\\d{1,9}")) {
      return Finding.warn("accept queues", "limit unknown", "is /proc/sys mounted?");
    }
    int wanted = ListenerConfig.DEFAULT_BACKLOG;
    return Integer.parseInt(most) >= wanted
        ? Finding.ok("accept queues", "up to " + most + " connections wait")
        : Finding.warn(
            "accept queues",
            "the kernel cuts a backlog of " + wanted + " to " + most,
            "sysctl -w net.core.somaxconn=" + wanted);
  }

  /**
   * Which ports can be bound.
   *
   * @param start {@code net.ipv4.ip_unprivileged_port_start}
   * @param status {@code /proc/self/status}
   */
  static Finding privilegedPorts(String start, String status) {
    Matcher set = CAPABILITIES.matcher(status);
    boolean capable =
        set.find() && (Long.parseUnsignedLong(set.group(1), 16) >> CAP_NET_BIND_SERVICE & 1) == 1;
    String first = start.trim().matches("\\d{1,5}") ? start.trim() : "1024";
    if (capable || first.equals("0")) {
      return Finding.ok("privileged ports", "all ports can be bound");
    }
    return new Finding(
        "privileged ports",
        Finding.Verdict.OK,
        "ports from " + first + " on can be bound",
        "for lower ones give the supervisor CAP_NET_BIND_SERVICE; workers need none");
  }

  /** From {@code /proc/net/if_inet6}. */
  static Finding ipv6(String interfaces) {
    String names =
        interfaces
            .lines()
            .map(line -> line.substring(line.lastIndexOf(' ') + 1))
            .distinct()
            .collect(Collectors.joining(", "));
    return names.isEmpty()
        ? Finding.warn("ipv6", "absent", "nothing, unless clients come by IPv6")
        : Finding.ok("ipv6", "on " + names);
  }

  static Finding memory(HostMemory memory) {
    if (memory.availableBytes() == Long.MAX_VALUE) {
      return Finding.warn("memory", "this host does not tell", "is /proc mounted?");
    }
    String found =
        memory.availableBytes() / MEBIBYTE + " MiB available, limited by " + memory.source();
    return memory.availableBytes() >= LITTLE_MEMORY
        ? Finding.ok("memory", found)
        : Finding.warn("memory", found, "in a restart two generations of a worker are in memory");
  }

  static Finding setsid(boolean found) {
    return found
        ? Finding.ok("setsid", "present")
        : Finding.warn(
            "setsid",
            "in no directory of PATH",
            "install util-linux; without it Ctrl-C reaches workers before they are drained");
  }

  /** Whether paths of sockets below that directory fit into an address. */
  static Finding socketPath(Path base) {
    int used = base.toString().getBytes(StandardCharsets.UTF_8).length + 1;
    int room = SOCKET_PATH_BYTES - used - LONGEST_SOCKET.length();
    String advice = "set BATON_RUNTIME_DIR to a shorter path";
    if (room < 1) {
      return Finding.fail("socket paths", base + " is too long for any socket in it", advice);
    }
    return room >= LONGEST_NAME
        ? Finding.ok("socket paths", base + "/NAME is short enough")
        : Finding.warn(
            "socket paths", base + " leaves " + room + " bytes for a supervisor's name", advice);
  }
}
