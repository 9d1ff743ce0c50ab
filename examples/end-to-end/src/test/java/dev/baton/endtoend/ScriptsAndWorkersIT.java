package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Other ways to run: start scripts, several workers, datagrams. */
final class ScriptsAndWorkersIT {
  @RegisterExtension final Machine machine = new Machine();

  @Test
  void scriptThatExecsAJvmIsRestarted() throws Exception {
    // As start scripts do: first a helper JVM, which must not take the worker's place.
    restartedUnderLoad("#!/bin/sh\n\"$JAVA_HOME/bin/java\" -version 2>/dev/null\nexec \"$@\"\n");
  }

  @Test
  void scriptThatWaitsForItsJvmIsRestarted() throws Exception {
    restartedUnderLoad("#!/bin/sh\n\"$@\"\necho the server ended with $?\n");
  }

  private void restartedUnderLoad(String script) throws Exception {
    Application application = Application.of(machine, 1);
    Path start = machine.folder().resolve("start.sh");
    Files.writeString(start, script);
    assertTrue(start.toFile().setExecutable(true));
    List<String> command = new java.util.ArrayList<>(List.of(start.toString()));
    command.addAll(application.command());
    Supervisor supervisor = machine.supervise(Servers.run(List.of(), command));
    Load load = Load.to(application.address()).rate(200).start();

    for (int i = 0; i < 3; i++) {
      Command restart = supervisor.restart();
      assertEquals(0, restart.exit(), restart.out() + restart.err());
    }
    Report report = load.stop();

    assertEquals(List.of(), report.examples());
    assertEquals(4, report.answeredBy().size(), report.toString());
  }

  @Test
  void severalWorkersAreReplacedOneByOne() throws Exception {
    Application application = Application.of(machine, 1);
    Supervisor supervisor =
        machine.start(Servers.run(List.of("--workers", "3"), application.command()));
    Await.until("all serve", () -> supervisor.count(" serving: ") == 3);
    Load load = Load.to(application.address()).rate(300).start();
    Await.until("each has answered", () -> load.live().answeredBy().size() == 3);

    Command restart = supervisor.restart();
    Await.until("each new one has answered", () -> load.live().answeredBy().size() == 6);
    Report report = load.stop();

    assertEquals(0, restart.exit(), restart.err());
    assertEquals(List.of(), report.examples());
    List<String> order =
        restart.out().lines().filter(line -> line.contains("switched on")).toList();
    assertEquals(3, order.size(), restart.out());
  }

  @Test
  void datagramsGoToTheWorkerThatServes() throws Exception {
    int port = Machine.freePort();
    Supervisor supervisor =
        machine.supervise(
            Servers.run(
                List.of("--linger", "1s"), Servers.command("UdpEcho", "127.0.0.1:" + port)));
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);

    Set<String> answered = new LinkedHashSet<>();
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 50; j++) {
        answered.add(echo(address));
      }
      assertEquals(0, supervisor.restart().exit());
    }

    assertEquals(4, answered.size(), answered.toString());
  }

  /** Sends one datagram and returns who sent it back. */
  private static String echo(InetSocketAddress address) throws Exception {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(10_000);
      byte[] text = "text".getBytes(StandardCharsets.US_ASCII);
      socket.send(new DatagramPacket(text, text.length, address));
      DatagramPacket answer = new DatagramPacket(new byte[100], 100);
      socket.receive(answer);
      String received =
          new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
      assertTrue(received.endsWith(" text"), received);
      return received;
    }
  }
}
