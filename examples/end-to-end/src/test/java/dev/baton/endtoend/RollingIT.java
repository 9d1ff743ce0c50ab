package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Four workers, a few at a time, under load. */
final class RollingIT {
  private static final int RESTARTS = Math.max(1, Integer.getInteger("baton.restarts", 10) / 10);
  private static final int WORKERS = 4;
  private static final int RATE = 200;

  @RegisterExtension final Machine machine = new Machine();

  @ParameterizedTest(name = "surge {0}, max-unavailable {1}")
  @CsvSource({"1, 0, 5, 4", "2, 0, 6, 4", "0, 1, 4, 3"})
  void asManyAtATimeAsConfigured(int surge, int unavailable, int mostAlive, int fewestServing)
      throws Exception {
    Application application = Application.of(machine, 1);
    OneService.start(
        machine,
        application.command(),
        WORKERS,
        "restart.surge = " + surge,
        "restart.max-unavailable = " + unavailable);
    Load load = Load.to(application.address()).rate(RATE).start();

    for (int i = 0; i < RESTARTS; i++) {
      Command restart = machine.baton("restart", "--json");
      assertEquals(0, restart.exit(), restart.out());
      Course course = Course.of(restart);
      assertEquals(WORKERS, course.launched(), restart.out());
      assertEquals(mostAlive, course.mostAlive(WORKERS), restart.out());
      assertEquals(fewestServing, course.fewestServing(WORKERS), restart.out());
    }
    int processes = (RESTARTS + 1) * WORKERS;
    awaitAnswers(load, WORKERS);
    Report report = load.stop();

    System.out.printf(
        Locale.ROOT,
        "4 workers, surge %d, max-unavailable %d: %d restarts, at most %d JVMs, at least %d serving,"
            + " %d requests, %d failed, by %d processes%n",
        surge,
        unavailable,
        RESTARTS,
        mostAlive,
        fewestServing,
        report.started(),
        report.failed(),
        report.answeredBy().size());
    assertEquals(List.of(), report.examples());
    assertEquals(report.started(), report.succeeded());
    assertTrue(report.answeredBy().size() <= processes, report.toString());
  }

  @Test
  void thirdWorkerThatFailsToStartTakesTheFirstTwoBack() throws Exception {
    Application application = Application.of(machine, 1);
    Supervisor supervisor = OneService.start(machine, application.command(), WORKERS);
    Load load = Load.to(application.address()).rate(RATE).start();
    application.nextVersion("exit-in-slot 2");

    Command restart = machine.baton("restart");

    assertEquals(1, restart.exit(), restart.out() + restart.err());
    assertTrue(
        restart.err().contains("web.g2/2 exited with status 7 before it served"), restart.err());
    assertTrue(restart.err().contains("returned to generation 1"), restart.err());
    assertTrue(restart.err().contains("cannot find the database"), restart.err());
    assertEquals(WORKERS + 2 + 2, supervisor.count(" serving: "), "two came, and two came back");
    awaitAnswers(load, WORKERS);
    Report report = load.stop();
    String status = machine.baton("status").out();
    for (int slot = 0; slot < WORKERS; slot++) {
      assertTrue(status.contains("web.g1/" + slot), status);
    }
    assertEquals(WORKERS, status.lines().filter(line -> line.contains("web.g")).count(), status);
    System.out.printf(
        Locale.ROOT,
        "third of 4 fails: returned after %d ms, %d requests, %d failed%n",
        restart.millis(),
        report.started(),
        report.failed());
    assertEquals(List.of(), report.examples());
    assertEquals(report.started(), report.succeeded());
  }

  @Test
  void scaledUpAndDown() throws Exception {
    Application application = Application.of(machine, 1);
    Supervisor supervisor = OneService.start(machine, application.command(), 2);
    Load load = Load.to(application.address()).rate(RATE).start();

    scale(5);
    Await.until("five have answered", () -> load.live().answeredBy().size() == 5);
    scale(1);
    Report report = load.stop();

    System.out.printf(
        Locale.ROOT,
        "2 workers, 5, 1: %d requests, %d failed, by %d processes%n",
        report.started(),
        report.failed(),
        report.answeredBy().size());
    assertEquals(List.of(), report.examples());
    assertEquals(report.started(), report.succeeded());
    assertEquals(5, supervisor.count(" serving: "), "nobody was replaced");
  }

  private void scale(int workers) throws Exception {
    Command scale = machine.baton("scale", "web", Integer.toString(workers));
    assertEquals(0, scale.exit(), scale.err());
    String status = machine.baton("status").out();
    assertEquals(workers, status.lines().filter(line -> line.contains("web.g1/")).count(), status);
    assertEquals(
        workers,
        status.lines().filter(line -> line.matches(".*web\\.g1/\\d +serving.*")).count(),
        status);
  }

  /** Requests are still answered, so many that each worker had its chance. */
  private static void awaitAnswers(Load load, int workers) throws Exception {
    long before = load.live().succeeded();
    Await.until("answers", () -> load.live().succeeded() >= before + 10L * workers);
  }
}
