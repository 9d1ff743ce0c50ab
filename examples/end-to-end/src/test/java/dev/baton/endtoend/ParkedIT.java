package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The generation before is kept on its private faces: to return to it takes two switches. */
final class ParkedIT {
  private static final int TIMES = 20;
  private static final int WORKERS = 2;
  private static final int RATE = 200;

  /** Of a defect: an idle machine needs less than 50. */
  private static final double MOST_MILLIS = 1000;

  @RegisterExtension final Machine machine = new Machine();

  @Test
  void toAndFroBetweenTwoGenerations() throws Exception {
    Application application = Application.of(machine, 1);
    OneService.start(machine, application.command(), WORKERS, "restart.park = \"10m\"");
    Load load = Load.to(application.address()).rate(RATE).start();
    Await.until("both have answered", () -> load.live().answeredBy().size() == WORKERS);
    Set<Long> newer = course("restart").switchedOn();

    List<Double> millis = new ArrayList<>();
    Set<Long> older = Set.of();
    for (int i = 0; i < TIMES; i++) {
      Course course = course("rollback");
      assertEquals(0, course.launched(), course.toString());
      older = i == 0 ? course.switchedOn() : older;
      assertEquals(i % 2 == 0 ? older : newer, course.switchedOn(), course.toString());
      millis.add(course.millisUntilSwitched());
    }
    Report report = load.stop();

    millis.sort(null);
    double most = millis.get(TIMES - 1);
    System.out.printf(
        Locale.ROOT,
        "roll-back to a parked generation, %d times: switched after %.1f ms (median), %.1f ms (max);"
            + " %d requests, %d failed, by %d processes%n",
        TIMES,
        millis.get(TIMES / 2),
        most,
        report.started(),
        report.failed(),
        report.answeredBy().size());
    assertEquals(List.of(), report.examples());
    assertEquals(report.started(), report.succeeded());
    assertEquals(2 * WORKERS, report.answeredBy().size(), report.toString());
    assertTrue(most < MOST_MILLIS, millis.toString());
  }

  private Course course(String command) throws Exception {
    Command done = machine.baton(command, "--json");
    assertEquals(0, done.exit(), done.out());
    return Course.of(done);
  }
}
