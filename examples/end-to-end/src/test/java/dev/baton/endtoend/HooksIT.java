package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The hooks are in the JDK's classes, whoever has loaded those, and are sound. */
final class HooksIT {
  private static final String HOOKED =
      "sun.nio.ch.Net,sun.nio.ch.UnixDomainSockets,sun.nio.ch.ServerSocketChannelImpl,"
          + "sun.nio.ch.AsynchronousServerSocketChannelImpl,sun.nio.ch.NioSocketImpl,"
          + "sun.nio.ch.DatagramChannelImpl";

  /** It does not, otherwise, with what its own loader loads. */
  private static final String VERIFYING =
      "jvm-options = [\"-XX:+UnlockDiagnosticVMOptions\", \"-XX:+BytecodeVerificationLocal\"]";

  @RegisterExtension final Machine machine = new Machine();

  @Test
  void verifierPassesWhatIsWovenWhileTheJvmLoadsIt() throws Exception {
    assertRestarts(VERIFYING);
  }

  @Test
  void whatAnotherAgentHasLoadedIsHookedToo() throws Exception {
    Path jar = EarlyAgent.jar(machine.folder().resolve("early.jar"));
    String option = "-javaagent:" + jar + "=" + HOOKED;

    Supervisor supervisor =
        assertRestarts("environment = { JAVA_TOOL_OPTIONS = \"" + option + "\" }");

    String all = supervisor.everything();
    assertEquals(2, all.lines().filter(EarlyAgent.SAYS::equals).count(), all);
  }

  /** Two generations share a socket only if the bind of each was hooked. */
  private Supervisor assertRestarts(String line) throws Exception {
    Application application = Application.of(machine, 1);
    Supervisor supervisor = OneService.start(machine, application.command(), 1, line);

    Command restart = supervisor.restart();

    assertEquals(0, restart.exit(), supervisor.everything());
    assertTrue(restart.out().contains("generation 2 serves"), restart.out());
    return supervisor;
  }
}
