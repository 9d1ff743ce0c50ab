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

/** The protocol is simple enough for a worker without our code, or Java. */
final class PythonWorkerIT {
  @RegisterExtension final Machine machine = new Machine();

  @Test
  void workerWrittenFromTheProtocolPageIsRestartedUnderLoad() throws Exception {
    Assumptions.assumeTrue(Command.isThere("python3"), "no python3 here");
    Path file = Machine.root().resolve("examples/python-worker/baton.toml");
    int port = Machine.freePort();
    Supervisor supervisor =
        machine.start(Map.of("PORT", Integer.toString(port)), List.of("-f", file.toString()));
    supervisor.awaitServing();
    Load load = Load.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)).start();

    for (int i = 0; i < 10; i++) {
      Command restart = supervisor.restart();
      assertEquals(0, restart.exit(), restart.out() + restart.err());
    }
    Command rotate = machine.baton("rotate");
    Command diagnosis = machine.baton("diagnose");
    Report report = load.stop();

    assertEquals(List.of(), report.examples());
    String whatItSaid = rotate.out() + rotate.err();
    assertTrue(whatItSaid.contains("it cannot do that"), "not awaited: " + whatItSaid);
    assertEquals(0, diagnosis.exit(), diagnosis.err());
    assertTrue(diagnosis.out().contains("tcp  listening    127.0.0.1:" + port), diagnosis.out());
    assertTrue(diagnosis.out().contains("SIGQUIT would end it"), diagnosis.out());
    assertTrue(report.answeredBy().size() > 5, report.toString());
  }
}
