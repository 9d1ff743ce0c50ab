package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.endtoend.NumberedDatagrams.Outcome;
import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples a newcomer starts with, by their own configuration, each with its strict client. */
final class ExamplesIT {
  private static final int RESTARTS = 2;
  private static final String TICK = "tick by pid ";

  @RegisterExtension final Machine machine = new Machine();

  @Test
  void helloIsRestarted() throws Exception {
    int port = Machine.freePort();
    Supervisor supervisor = start("hello", Map.of("PORT", Integer.toString(port)));

    assertNoClientNotices("hello", supervisor, local(port));
  }

  @Test
  void unixSocketIsRestarted() throws Exception {
    Path socket = machine.folder().resolve("app.sock");
    Supervisor supervisor = start("unix-socket", Map.of("SOCKET", socket.toString()));

    assertNoClientNotices("unix-socket", supervisor, UnixDomainSocketAddress.of(socket));
  }

  /**
   * No datagram is lost on its way to a worker. An answer may be: who has a datagram in hand when
   * it is switched off answers from a socket that reaches nobody, and says so in its log.
   */
  @Test
  void everyDatagramIsTakenOnce() throws Exception {
    int port = Machine.freePort();
    Supervisor supervisor = start("udp-echo", Map.of("PORT", Integer.toString(port)));

    NumberedDatagrams datagrams = NumberedDatagrams.to(local(port));
    restart(supervisor);
    Outcome outcome = datagrams.stop();

    System.out.printf(
        Locale.ROOT,
        "udp-echo: %d restarts, %d datagrams, %d in hand at a switch, %d failures, by %d processes%n",
        RESTARTS,
        outcome.sent(),
        outcome.unanswered().size(),
        outcome.failures().size(),
        outcome.pids().size());
    assertEquals(List.of(), outcome.failures());
    long inHand =
        supervisor.output().lines().filter(line -> line.startsWith("no answer to ")).count();
    assertEquals(inHand, outcome.unanswered().size(), () -> outcome.unanswered().toString());
    assertEquals(RESTARTS + 1, outcome.pids().size());
  }

  @Test
  void schedulerTicksInOneWorkerAtATime() throws Exception {
    int port = Machine.freePort();
    Map<String, String> environment = Map.of("PORT", Integer.toString(port), "TICK_MILLIS", "20");
    Supervisor supervisor = start("exclusive-scheduler", environment);

    Await.until("somebody ticks", () -> !ticks(supervisor).isEmpty());
    assertNoClientNotices("exclusive-scheduler", supervisor, local(port));
    int before = ticks(supervisor).size();
    Await.until("ticks go on", () -> ticks(supervisor).size() > before + 5);

    List<String> ticks = ticks(supervisor);
    Set<String> inTurn = new LinkedHashSet<>();
    String last = "";
    for (String pid : ticks) {
      assertTrue(pid.equals(last) || inTurn.add(pid), "it ticks again behind others: " + ticks);
      last = pid;
    }
    System.out.printf(
        "exclusive-scheduler: %d ticks, one after the other by %s%n", ticks.size(), inTurn);
    assertTrue(inTurn.size() > RESTARTS, inTurn.toString());
    assertTrue(ProcessHandle.of(Long.parseLong(last)).isPresent(), "who ticks serves");
  }

  /** Who has ticked, tick by tick. All workers append to one file: its order is theirs. */
  private static List<String> ticks(Supervisor supervisor) throws Exception {
    List<String> pids = new ArrayList<>();
    supervisor
        .output()
        .lines()
        .filter(line -> line.startsWith(TICK))
        .forEach(line -> pids.add(line.substring(TICK.length())));
    return pids;
  }

  private Supervisor start(String example, Map<String, String> environment) throws Exception {
    Path file = Machine.root().resolve("examples").resolve(example).resolve("baton.toml");
    Supervisor supervisor = machine.start(environment, List.of("-f", file.toString()));
    supervisor.awaitServing();
    return supervisor;
  }

  private static InetSocketAddress local(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static void restart(Supervisor supervisor) throws Exception {
    for (int i = 0; i < RESTARTS; i++) {
      Command restart = supervisor.restart();
      assertEquals(0, restart.exit(), () -> restart.out() + restart.err());
      assertTrue(restart.out().contains("drained"), () -> "cut off: " + restart.out());
    }
  }

  private static void assertNoClientNotices(
      String example, Supervisor supervisor, SocketAddress address) throws Exception {
    Load load = Load.to(address).rate(100).start();
    restart(supervisor);
    Report report = load.stop();

    System.out.printf(
        Locale.ROOT,
        "%s: %d restarts, %d requests, %d failed, by %d processes%n",
        example,
        RESTARTS,
        report.started(),
        report.failed(),
        report.answeredBy().size());
    assertEquals(List.of(), report.examples());
    assertTrue(report.answeredBy().size() > RESTARTS, () -> report.answeredBy().toString());
  }
}
