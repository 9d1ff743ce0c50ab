package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Logs: what is in them, and what becomes of them. */
final class LogsIT {
  private static final int ROTATIONS = Integer.getInteger("baton.rotations", 25);

  @RegisterExtension final Machine machine = new Machine();

  @Test
  void lastWordsOfDyingWorkersAreInTheFile() throws Exception {
    int port = Machine.freePort();
    OneService.start(machine, Scribe.command(port, 0, "-XX:+ErrorFileToStdout"), 1);
    LogFiles output = LogFiles.of(machine, "web.log");

    get(ObedientServer.at(port), "/throw");
    Await.until("the exception is there", () -> output.text().contains("what nobody expected"));
    get(ObedientServer.at(port), "/crash");
    Await.until("the crash is there", () -> output.text().contains("# Problematic frame:"));
    Await.until("all of it", () -> output.text().contains("END."));

    String text = output.text();
    assertTrue(text.contains("Exception in thread \"careless\" java.lang.IllegalStateException"));
    assertTrue(text.contains("#  SIGSEGV"), text);
    Await.until("the supervisor has noticed", () -> output.text().contains("web.g1/0 gone: "));
  }

  @Test
  void rotationsLeaveNoDescriptorBehind() throws Exception {
    int port = Machine.freePort();
    Supervisor supervisor =
        OneService.start(
            machine, Scribe.command(port, 10), 2, "logs.access.keep = 3", "output.keep = 3");
    rotate();
    Await.until("both have asked for their log", () -> access().text().lines().count() == 20);
    rotate();
    int before = descriptors(supervisor);

    for (int i = 0; i < ROTATIONS; i++) {
      rotate();
    }

    Await.until("as many descriptors as before", () -> descriptors(supervisor) <= before);
    System.out.printf(
        "%d rotations of %d logs: descriptors of supervisor and workers %d -> %d%n",
        ROTATIONS, 3, before, descriptors(supervisor));
    Await.until("archives are pruned", () -> access().all().size() == 4);
    Await.until(
        "archives are compressed",
        () -> access().all().stream().filter(LogFiles::isCompressed).count() == 3);
  }

  private void rotate() throws Exception {
    Command rotate = machine.baton("rotate");
    assertEquals(0, rotate.exit(), rotate.out() + rotate.err());
  }

  private LogFiles access() {
    return LogFiles.of(machine, "web-access.log");
  }

  private static int descriptors(Supervisor supervisor) throws IOException {
    int all = descriptors(supervisor.process().pid());
    for (ProcessHandle worker : supervisor.process().children().toList()) {
      all += descriptors(worker.pid());
    }
    return all;
  }

  private static int descriptors(long pid) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return (int) all.count();
    }
  }

  @Test
  void whatSomebodyElseTookAwayIsOpenedAnew() throws Exception {
    int port = Machine.freePort();
    Supervisor supervisor = OneService.start(machine, Scribe.command(port, 0), 1);
    LogFiles output = LogFiles.of(machine, "web.log");
    Path taken = machine.folder().resolve("taken.log");

    Files.move(output.log(), taken);
    Await.until("there is one again", () -> Files.exists(output.log()));
    Await.until("the worker has moved", () -> !opens(supervisor, taken));
    get(ObedientServer.at(port), "/write/3");

    assertEquals(3, output.text().lines().filter(line -> line.startsWith("The quick")).count());
    assertFalse(Files.readString(taken).contains("The quick"));
    Command status = machine.baton("status");
    assertTrue(status.out().contains(output.log().toString()), status.out());
  }

  @Test
  void directoryThatVanishedIsMadeAgain() throws Exception {
    int port = Machine.freePort();
    OneService.start(machine, Scribe.command(port, 0), 1);
    LogFiles output = LogFiles.of(machine, "web.log");
    Path folder = machine.folder().resolve("state/shop/logs");

    Files.move(folder, folder.resolveSibling("elsewhere"));
    Await.until("there is one again", () -> Files.exists(output.log()));
    Await.until(
        "the worker writes into it",
        () -> {
          get(ObedientServer.at(port), "/write/1");
          return output.text().contains("The quick");
        });
  }

  @Test
  void fullDiskKeepsNobodyFromServing() throws Exception {
    int port = Machine.freePort();
    try (SmallDisk disk = SmallDisk.mount(machine.folder().resolve("disk"))) {
      String path = "output.path = \"" + disk.folder().resolve("web.log") + "\"";
      OneService.start(machine, Scribe.command(port, 0), 1, path);
      Load load = Load.to(ObedientServer.at(port)).rate(50).start();

      disk.fill();
      Await.until("status says so", () -> status().contains("no space is left"));
      get(ObedientServer.at(port), "/write/1000"); // nobody can keep them
      Command restart = machine.baton("restart");
      assertEquals(0, restart.exit(), restart.out() + restart.err());
      disk.free();

      Await.until("status says so", () -> !status().contains("no space is left"));
      int before = lines(disk.folder().resolve("web.log"));
      get(ObedientServer.at(port), "/write/5");
      assertEquals(before + 5, lines(disk.folder().resolve("web.log")));
      assertTrue(machine.baton("status", "--json").out().contains("\"failures\": 1"), status());
      Report report = load.stop();
      assertEquals(List.of(), report.examples());
      System.out.printf(
          "disk full, restart, space again: %d requests, %d failed%n",
          report.started(), report.failed());
      machine.baton("stop");
    }
  }

  /** The first one after a full disk may follow the half of another. */
  private static int lines(Path file) throws IOException {
    return Files.readString(file).split("over the lazy dog, again\\.", -1).length - 1;
  }

  private String status() throws Exception {
    return machine.baton("status").out();
  }

  @Test
  void whatIsNoFileIsRefused() throws Exception {
    Path elsewhere = Files.createDirectories(machine.folder().resolve("state/shop/logs"));
    Files.createSymbolicLink(elsewhere.resolve("web.log"), machine.folder().resolve("secret"));
    Path config = machine.folder().resolve("baton.toml");
    Files.writeString(
        config, "name = \"shop\"\n[service.web]\ncommand = [\"java\", \"-version\"]\n");

    Command run = machine.baton("run", "-f", config.toString());

    assertEquals(1, run.exit(), run.err());
    assertTrue(run.err().contains("web.log"), run.err());
    assertTrue(run.err().contains("symbolic link"), run.err());
    assertFalse(Files.exists(machine.folder().resolve("secret")));
  }

  private static boolean opens(Supervisor supervisor, Path file) throws IOException {
    for (ProcessHandle worker : supervisor.process().children().toList()) {
      try (Stream<Path> open = Files.list(Path.of("/proc/" + worker.pid() + "/fd"))) {
        for (Path descriptor : open.toList()) {
          if (Files.readSymbolicLink(descriptor).equals(file)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  static String get(InetSocketAddress address, String path) throws IOException {
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      String request = "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return text.isEmpty() ? "" : text.substring(text.indexOf("\r\n\r\n") + 4);
    }
  }
}
