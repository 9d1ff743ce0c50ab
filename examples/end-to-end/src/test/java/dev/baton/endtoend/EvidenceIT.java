package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.endtoend.Conversation.Row;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is known of workers: how their JVMs do, why they are still alive, what they died of. */
final class EvidenceIT {
  private static final Pattern HEAP =
      Pattern.compile("\"heap\": (\\d+), \"heap-max\": (\\d+), \"gc-permille\": (\\d+)");
  private static final Pattern WRITTEN = Pattern.compile("=== web\\.g2/0, written to (.*)");

  @RegisterExtension final Machine machine = new Machine();

  @Test
  void workerThatDoesNotEndLeavesItsConnectionsAndItsThreads() throws Exception {
    int port = Machine.freePort();
    Supervisor supervisor =
        OneService.start(
            machine,
            Stubborn.command(port),
            1,
            "drain.linger = \"500ms\"",
            "stop.timeout = \"500ms\"");
    long old = supervisor.lastPid("serving");
    try (HalfRequest client = HalfRequest.to(ObedientServer.at(port), "pid " + old)) {
      long start = System.nanoTime();
      Command restart = supervisor.restart();
      long millis = (System.nanoTime() - start) / 1_000_000;

      assertEquals(0, restart.exit(), restart.out() + restart.err());
      Path folder = folder("g1-0-pid" + old);
      String draining = Files.readString(folder.resolve("draining.txt"));
      String stopping = Files.readString(folder.resolve("stopping.txt"));
      System.out.printf(
          "lingered, then did not stop: restarted after %d ms; %d and %d bytes of evidence%n",
          millis, draining.length(), stopping.length());
      Matcher peer =
          Pattern.compile("tcp +established +127\\.0\\.0\\.1:" + port + " +127\\.0\\.0\\.1:\\d+ ")
              .matcher(draining);
      assertTrue(peer.find(), draining);
      assertTrue(draining.contains("\"HTTP-Dispatcher\" #"), draining);
      assertFalse(draining.contains("\"stays\" #"), draining);
      assertTrue(stopping.contains("\"stays\" #"), stopping);
      assertTrue(stopping.contains("dev.baton.endtoend.Stubborn.stay("), stopping);
      Await.until(
          "the record says where it is", // it is written behind the answer
          () -> machine.baton("history", "--details").out().contains("evidence in " + folder));
      assertTrue(client.finish().isEmpty(), "cut, as the linger was over");
    } catch (SocketException e) {
      // Cut by a reset: that, too.
    }
    figuresAreShownAndADiagnosisIsPrinted(supervisor, port);
  }

  private void figuresAreShownAndADiagnosisIsPrinted(Supervisor supervisor, int port)
      throws Exception {
    Await.until(
        "its figures are there",
        () -> machine.baton("status", "--json").out().contains("\"heap\""));
    String json = machine.baton("status", "--json").out();
    String people = machine.baton("status").out();
    Command diagnosis;
    try (Socket client = new Socket(ObedientServer.at(port).getAddress(), port)) {
      diagnosis = machine.baton("diagnose", "web.g2/0");
      assertTrue(
          diagnosis.out().contains(" 127.0.0.1:" + client.getLocalPort() + " "), diagnosis.out());
    }
    Command nobody = machine.baton("diagnose", "web.g9/0");

    Matcher heap = HEAP.matcher(json);
    assertTrue(heap.find(), json);
    long used = Long.parseLong(heap.group(1));
    long most = Long.parseLong(heap.group(2));
    assertTrue(used > 1 << 18 && used < most && most <= 24 << 20, json);
    assertTrue(Integer.parseInt(heap.group(3)) <= 1000, json);
    assertTrue(json.contains("\"java\": \"" + System.getProperty("java.version") + "\""), json);
    assertTrue(people.contains(String.format(Locale.ROOT, " MiB, GC ")), people);
    assertEquals(0, diagnosis.exit(), diagnosis.err());
    assertTrue(diagnosis.out().contains("threads, by its agent:"), diagnosis.out());
    assertTrue(diagnosis.out().contains("\"HTTP-Dispatcher\" #"), diagnosis.out());
    Matcher written = WRITTEN.matcher(diagnosis.out());
    assertTrue(written.find(), diagnosis.out());
    assertTrue(diagnosis.out().contains(Files.readString(Path.of(written.group(1)))));
    assertEquals(1, nobody.exit());
    assertTrue(nobody.err().contains("no worker runs of that name: web.g9/0"), nobody.err());
    long pid = supervisor.lastPid("serving");
    assertTrue(written.group(1).endsWith("/web/evidence/g2-0-pid" + pid + "/asked.txt"));
  }

  @Test
  void threadsOfAJvmThatHasNotAttachedAreCopiedFromItsLog() throws Exception {
    Application application = Application.of(machine, 1);
    application.nextVersion("hang");
    Supervisor supervisor = machine.start(Servers.run(List.of(), application.command()));
    supervisor.await("it is started", " starting: ");
    Await.until("it hangs", () -> supervisor.output().contains("hanging"));

    Command diagnosis = machine.baton("diagnose");

    assertEquals(0, diagnosis.exit(), diagnosis.err());
    assertTrue(diagnosis.out().contains("figures told last: none"), diagnosis.out());
    assertTrue(diagnosis.out().contains("Full thread dump"), diagnosis.out());
    assertTrue(diagnosis.out().contains("dev.baton.endtoend.Misbehaving.hang("), diagnosis.out());
  }

  @Test
  void workerThatCannotGoOnIsReplacedAndWhatItLeftIsKept() throws Exception {
    int port = Machine.freePort();
    Supervisor supervisor =
        OneService.start(
            machine,
            Stubborn.command(port),
            1,
            "jvm-options = [\"-XX:+HeapDumpOnOutOfMemoryError\", \"-XX:-CreateCoredumpOnCrash\"]",
            "stop.timeout = \"100ms\"");
    long first = supervisor.lastPid("serving");
    try (Socket client = new Socket(ObedientServer.at(port).getAddress(), port)) {
      client
          .getOutputStream()
          .write("GET /fill HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      supervisor.await("it is out of memory", "pid " + first + " gone: exited with status 3 ");
    }
    supervisor.await("it is replaced", "web.g1/0#2");
    Await.until("the other serves", () -> supervisor.count(" serving: ") == 2);
    long second = supervisor.lastPid("serving");
    Command.signal(second, "SEGV");
    supervisor.await("it has crashed", "pid " + second + " gone: ");
    Path firstFolder = folder("g1-0-pid" + first);
    Path secondFolder = folder("g1-0-2-pid" + second);
    Await.until("all is kept", () -> files(secondFolder).contains("output.txt"));

    String out = Files.readString(firstFolder.resolve("output.txt"));
    assertTrue(out.contains("exited with status 3 while it served"), out);
    assertTrue(out.contains("Terminating due to java.lang.OutOfMemoryError"), out);
    assertEquals(List.of("java_pid" + first + ".hprof", "output.txt"), files(firstFolder));
    assertEquals(List.of("hs_err_pid" + second + ".log", "output.txt"), files(secondFolder));
    List<Row> history = history();
    String crashes = history.toString();
    assertTrue(crashes.contains("\"evidence\": [\"" + firstFolder + "\"]"), crashes);
    assertTrue(crashes.contains("\"evidence\": [\"" + secondFolder + "\"]"), crashes);
  }

  private List<Row> history() throws IOException {
    Path control = machine.run().resolve("shop").resolve("control.sock");
    try (Conversation asked = Conversation.begin(control, "HISTORY", Map.of("most", "9"))) {
      return asked.rest();
    }
  }

  private Path folder(String worker) {
    return machine.folder().resolve("state/shop/web/evidence").resolve(worker);
  }

  private static List<String> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
