package dev.baton.supervisor.cli;

import static dev.baton.supervisor.cli.Finding.Verdict.FAIL;
import static dev.baton.supervisor.cli.Finding.Verdict.OK;
import static dev.baton.supervisor.cli.Finding.Verdict.WARN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.supervisor.process.HostMemory;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What hosts say, and what that means. */
final class HostJudgementTest {
  @Test
  void jdkMustBeNewEnoughAndHaveTheInsides() {
    assertEquals(OK, HostJudgement.jdk(17, "17.0.15", List.of()).verdict());
    assertEquals(FAIL, HostJudgement.jdk(11, "11.0.1", List.of()).verdict());
    Finding missing = HostJudgement.jdk(99, "99", List.of("sun.nio.ch.EPoll.ctl is missing"));
    assertEquals(FAIL, missing.verdict());
    assertTrue(missing.found().contains("EPoll.ctl"), missing.found());
    Finding closed = HostJudgement.jdk(17, "17", List.of("sun.nio.ch.Net.bind is not open"));
    assertTrue(closed.advice().contains("launcher"), closed.advice());
  }

  @Test
  void jdkThatIsClosedAllOverIsOneLine() {
    List<String> problems = Collections.nCopies(20, "x.y is not open");

    assertEquals(
        "17: x.y is not open, x.y is not open, x.y is not open and 17 more",
        HostJudgement.jdk(17, "17", problems).found());
  }

  @Test
  void hiddenEpollSetsAreAFailure() {
    assertEquals(OK, HostJudgement.epoll(true).verdict());
    assertEquals(FAIL, HostJudgement.epoll(false).verdict());
  }

  @ParameterizedTest
  @CsvSource({"20000,OK", "unlimited,OK", "4096,OK", "1024,WARN", "64,FAIL"})
  void openFilesAreCounted(String soft, Finding.Verdict expected) {
    String limits =
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             96364                96364                processes
        Max open files            %-20s 1048576              files
        """
            .formatted(soft);

    assertEquals(expected, HostJudgement.openFiles(limits).verdict());
  }

  @Test
  void kernelThatCutsQueuesIsSaidSo() {
    assertEquals(OK, HostJudgement.acceptQueues("4096\n").verdict());
    Finding cut = HostJudgement.acceptQueues("128\n");
    assertEquals(WARN, cut.verdict());
    assertEquals("the kernel cuts a backlog of 4096 to 128", cut.found());
    assertEquals("sysctl -w net.core.somaxconn=4096", cut.advice());
  }

  @ParameterizedTest
  @CsvSource({
    "1024, 000001fffeffffff, all ports can be bound",
    "1024, 0000000000000400, all ports can be bound",
    "0,    0000000000000000, all ports can be bound",
    "1024, ffffffffffffffff, all ports can be bound",
    "1024, 0000000000000000, ports from 1024 on can be bound",
    "80,   fffffffffffffbff, ports from 80 on can be bound",
    "'',   0000000000000000, ports from 1024 on can be bound"
  })
  void privilegedPortsNeedACapability(String start, String capabilities, String expected) {
    String status = "Name:\tjava\nCapPrm:\tffff\nCapEff:\t" + capabilities + "\n";

    assertEquals(expected, HostJudgement.privilegedPorts(start + "\n", status).found());
  }

  @Test
  void ipv6IsWhereAnInterfaceHasIt() {
    String interfaces =
        """
        00000000000000000000000000000001 01 80 10 80       lo
        fd000000000000000000000000000002 04 40 00 82     eth0
        fe8000000000000000fc00fffe000001 04 40 20 80     eth0
        """;

    assertEquals("on lo, eth0", HostJudgement.ipv6(interfaces).found());
    assertEquals(WARN, HostJudgement.ipv6("").verdict());
  }

  @Test
  void littleMemoryIsAWarningWithItsSource() {
    Finding little = HostJudgement.memory(new HostMemory(100 << 20, "cgroup v2 /app"));

    assertEquals(WARN, little.verdict());
    assertEquals("100 MiB available, limited by cgroup v2 /app", little.found());
    assertEquals(OK, HostJudgement.memory(new HostMemory(1 << 30, "the host")).verdict());
    assertEquals(WARN, HostJudgement.memory(new HostMemory(Long.MAX_VALUE, "")).verdict());
  }

  @Test
  void pathsOfSocketsMustFit() {
    assertEquals(OK, HostJudgement.socketPath(Path.of("/run/baton")).verdict());
    assertEquals(OK, HostJudgement.socketPath(path(53)).verdict());
    assertEquals(WARN, HostJudgement.socketPath(path(54)).verdict());
    assertEquals(WARN, HostJudgement.socketPath(path(92)).verdict());
    assertEquals(FAIL, HostJudgement.socketPath(path(93)).verdict());
  }

  @Test
  void lineSaysWhatIsThereAndWhatToDo() {
    assertEquals(
        "warn  setsid             in no directory of PATH; install util-linux; without it Ctrl-C"
            + " reaches workers before they are drained",
        HostJudgement.setsid(false).line());
    assertEquals("ok    setsid             present", HostJudgement.setsid(true).line());
    assertEquals("FAIL  x                  y", Finding.fail("x", "y", "").line());
    assertEquals(
        "{\"check\": \"setsid\", \"verdict\": \"ok\", \"found\": \"present\", \"advice\": \"\"}",
        HostJudgement.setsid(true).json());
  }

  private static Path path(int length) {
    return Path.of("/" + "x".repeat(length - 1));
  }
}
