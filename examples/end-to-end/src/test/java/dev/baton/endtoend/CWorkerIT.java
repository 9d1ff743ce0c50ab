package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The protocol is simple enough for a worker in C. */
final class CWorkerIT {
  private static final int RESTARTS = 10;

  @RegisterExtension final Machine machine = new Machine();

  @TempDir private Path folder = Path.of("");

  @Test
  void workerInCIsRestartedUnderLoad() throws Exception {
    String compiler = List.of("cc", "gcc").stream().filter(Command::isThere).findFirst().orElse("");
    Assumptions.assumeFalse(compiler.isEmpty(), "no C compiler here");
    Path example = Machine.root().resolve("examples/c-worker");
    Path worker = folder.resolve("worker");
    compile(compiler, example.resolve("worker.c"), worker);
    int port = Machine.freePort();
    Supervisor supervisor =
        machine.start(
            Map.of("PORT", Integer.toString(port), "WORKER", worker.toString()),
            List.of("-f", example.resolve("baton.toml").toString()));
    supervisor.awaitServing();
    Load load = Load.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)).start();

    for (int i = 0; i < RESTARTS; i++) {
      Command restart = supervisor.restart();
      assertEquals(0, restart.exit(), restart.out() + restart.err());
      assertTrue(restart.out().contains("drained"), "cut off: " + restart.out());
    }
    Report report = load.stop();

    System.out.printf(
        "c-worker: %d restarts, %d requests, %d failed, by %d processes%n",
        RESTARTS, report.started(), report.failed(), report.answeredBy().size());
    assertEquals(List.of(), report.examples());
    assertTrue(report.answeredBy().size() > RESTARTS / 2, report.toString());
  }

  /** As the example's Makefile does. */
  private void compile(String compiler, Path source, Path binary) throws Exception {
    List<String> command =
        List.of(
            compiler,
            "-std=c99",
            "-O2",
            "-Wall",
            "-Wextra",
            "-pedantic",
            "-o",
            binary.toString(),
            source.toString());
    Command compiled = Command.run(folder, Map.of(), command);
    assertEquals("", compiled.out() + compiled.err());
    assertEquals(0, compiled.exit());
  }
}
