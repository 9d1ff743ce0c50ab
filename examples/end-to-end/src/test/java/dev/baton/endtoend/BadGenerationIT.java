package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A new generation that is no good: the old one serves on, the command says why, nothing leaks. */
final class BadGenerationIT {
  private static final int RATE = 200;

  @RegisterExtension final Machine machine = new Machine();

  @Test
  void sickVersionNeverGetsAClient() throws Exception {
    Command restart = restartInto("health 503", List.of("--probe", "http:/health"), 1);

    assertTrue(restart.err().contains("/health answered 503"), restart.err());
  }

  @Test
  void versionThatExitsAtOnceIsReportedWithItsLastLines() throws Exception {
    Command restart = restartInto("exit 7", List.of(), 1);

    assertTrue(restart.err().contains("exited with status 7"), restart.err());
    assertTrue(restart.err().contains("cannot find the database"), restart.err());
  }

  @Test
  void versionThatNeverBindsIsStopped() throws Exception {
    Command restart = restartInto("hang", List.of(), 1);

    assertTrue(restart.err().contains("no JVM attached in time"), restart.err());
  }

  @Test
  void versionThatBindsLessIsStopped() throws Exception {
    Command restart = restartInto("ports 1", List.of(), 2);

    assertTrue(restart.err().contains("it does not listen on tcp:"), restart.err());
  }

  /**
   * Restarts a healthy service into a version that does what is ordered, under load; checks all
   * that is the same for every kind of failure.
   */
  private Command restartInto(String order, List<String> options, int ports) throws Exception {
    Application application = Application.of(machine, ports);
    List<String> all = new java.util.ArrayList<>(List.of("--start-timeout", "4s"));
    all.addAll(options);
    Supervisor supervisor = machine.supervise(Servers.run(all, application.command()));
    supervisor.await("all ports are bound", " serving: ");
    long good = supervisor.lastPid("serving");
    Load load = Load.to(application.address()).rate(RATE).start();

    application.nextVersion(order);
    Command restart = supervisor.restart();
    Report report = load.stop();

    assertEquals(1, restart.exit(), restart.out() + restart.err());
    assertTrue(restart.err().contains("what served before still serves"), restart.err());
    assertEquals(List.of(), report.examples());
    assertEquals(List.of("hello from pid " + good), List.copyOf(report.answeredBy().keySet()));
    String status = machine.baton("status").out();
    assertTrue(status.contains(Long.toString(good)), status);
    assertEquals(1, status.lines().filter(line -> line.contains(".g")).count(), status);
    application.nextVersion("");
    assertEquals(0, supervisor.restart().exit(), "a good version can follow");
    return restart;
  }
}
