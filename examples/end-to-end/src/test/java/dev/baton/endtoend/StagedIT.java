package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who puts a new jar over the old one breaks nothing, and can go back. */
final class StagedIT {
  private static final int RATE = 100;

  @RegisterExtension final Machine machine = new Machine();

  @Test
  void jarThatWasOverwrittenIsReturnedTo() throws Exception {
    VersionedJar jar = new VersionedJar(machine);
    jar.overwriteWith("v1");
    Supervisor supervisor = OneService.start(machine, jar.command(), 1);
    Load load = Load.to(jar.address()).rate(RATE).start();
    FutureTask<String> late = new FutureTask<>(() -> get(jar.address(), "/late"));
    new Thread(late, "late").start();
    Await.until("it is being answered", () -> supervisor.output().contains("waiting"));

    jar.overwriteWith("v2");
    FutureTask<Command> restart = machine.begin("restart");
    supervisor.await("the old one drains", "switched off");
    assertEquals("v2", get(jar.address(), "/"));
    jar.answerLate();

    assertEquals("late v1", late.get(1, TimeUnit.MINUTES), "from the jar that is no more");
    Command restarted = restart.get(1, TimeUnit.MINUTES);
    assertEquals(0, restarted.exit(), restarted.err());
    Command rollback = machine.baton("rollback");
    assertEquals(0, rollback.exit(), rollback.out() + rollback.err());
    assertEquals("v1", get(jar.address(), "/"), "although the file is v2");
    Report report = load.stop();

    assertEquals(List.of(), complaints(supervisor));
    print("overwritten in place", report);
  }

  @Test
  void whatIsParkedNoMoreIsLaunchedAgain() throws Exception {
    VersionedJar jar = new VersionedJar(machine);
    jar.overwriteWith("v1");
    Supervisor supervisor = OneService.start(machine, jar.command(), 1, "restart.park = \"500ms\"");
    long parked = supervisor.lastPid("serving");
    Load load = Load.to(jar.address()).rate(RATE).start();
    jar.overwriteWith("v2");
    assertEquals(0, machine.baton("restart").exit());
    assertEquals("v2", get(jar.address(), "/"));
    supervisor.await("nobody is kept for ever", "stopping: was kept long enough");
    supervisor.await("it is gone", "gone: exited on SIGTERM");

    Command rollback = machine.baton("rollback", "--json");

    assertEquals(0, rollback.exit(), rollback.out());
    assertEquals(1, Course.of(rollback).launched(), rollback.out());
    assertEquals("v1", get(jar.address(), "/"));
    assertNotEquals(parked, supervisor.lastPid("serving"));
    print("parked no more", load.stop());
  }

  /** What the workers have written about what went wrong; of options JVMs name theirs. */
  private static List<String> complaints(Supervisor supervisor) throws IOException {
    return supervisor
        .output()
        .lines()
        .filter(line -> line.contains("Error") || line.contains("Exception"))
        .filter(line -> !line.startsWith("Picked up "))
        .toList();
  }

  private static void print(String what, Report report) {
    System.out.printf(
        Locale.ROOT,
        "jar %s: restart and roll-back, %d requests, %d failed, answers %s%n",
        what,
        report.started(),
        report.failed(),
        report.answeredBy());
    assertEquals(List.of(), report.examples());
    assertEquals(report.started(), report.succeeded());
  }

  /** The body of the answer. */
  private static String get(InetSocketAddress address, String path) throws IOException {
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      String request = "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      String text = new String(answer, StandardCharsets.US_ASCII);
      assertTrue(text.startsWith("HTTP/1.1 200 "), text);
      return text.substring(text.indexOf("\r\n\r\n") + 4);
    }
  }
}
