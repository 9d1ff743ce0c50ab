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

  /** 17 does not, otherwise, with what its own loader loads; and tells which it redefines. */
  private static final String VERIFYING =
      "jvm-options = [\"-XX:+UnlockDiagnosticVMOptions\", \"-XX:+BytecodeVerificationLocal\","
          + " \"-Xlog:redefine+class+load\"]";

  /** Of others the verifier may be the first to ask. */
  private static final String REDEFINED = "redefined name=sun.nio.ch.Net,";

  @RegisterExtension final Machine machine = new Machine();

  @Test
  void verifierPassesWhatIsWovenWhileTheJvmLoadsIt() throws Exception {
    Supervisor supervisor = assertRestarts(VERIFYING);

    assertEquals(0, count(supervisor, REDEFINED), supervisor.everything());
  }

  @Test
  void whatAnotherAgentHasLoadedIsHookedToo() throws Exception {
    Path jar = EarlyAgent.jar(machine.folder().resolve("early.jar"));
    String option = "-javaagent:" + jar + "=" + HOOKED;

    Supervisor supervisor =
        assertRestarts(VERIFYING, "environment = { JAVA_TOOL_OPTIONS = \"" + option + "\" }");

    assertEquals(2, count(supervisor, EarlyAgent.SAYS), supervisor.everything());
    assertEquals(2, count(supervisor, REDEFINED), supervisor.everything());
  }

  /** Two generations share a socket only if the bind of each was hooked. */
  private Supervisor assertRestarts(String... lines) throws Exception {
    Application application = Application.of(machine, 1);
    Supervisor supervisor = OneService.start(machine, application.command(), 1, lines);

    Command restart = supervisor.restart();

    assertEquals(0, restart.exit(), supervisor.everything());
    assertTrue(restart.out().contains("generation 2 serves"), restart.out());
    return supervisor;
  }

  private static long count(Supervisor supervisor, String text) throws Exception {
    return supervisor.everything().lines().filter(line -> line.contains(text)).count();
  }
}
