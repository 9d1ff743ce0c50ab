package dev.baton.worker.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the kit says about workers that do something wrong, and that it leaves nothing of them. */
final class BadWorkerIT {
  private static final Pattern PID = Pattern.compile("pid (\\d+)");

  @Test
  void aRestartFailsWithTheSupervisorsWords() throws Exception {
    SupervisorExtension supervisor =
        server("never ready again").configure("ready.start-timeout = \"3s\"");
    supervisor.start();
    Report report =
        supervisor
            .load("http")
            .during(
                () -> {
                  AssertionError e = assertThrows(AssertionError.class, supervisor::restart);
                  assertTrue(message(e).contains("warming caches, 40 %"), message(e));
                });
    List<Long> pids = pids(supervisor.output());
    supervisor.stop(false);

    report.assertNothingFailed();
    assertEquals(1, report.answeredBy().size(), "the old generation serves on");
    assertTrue(pids.size() > 2, pids::toString);
    assertNoneLives(pids);
  }

  @Test
  void aStartFailsWithTheApplicationsWords() throws Exception {
    SupervisorExtension supervisor = server("ends");

    AssertionError e = assertThrows(AssertionError.class, supervisor::start);

    assertTrue(message(e).contains("no database"), message(e));
    assertNoneLives(pids(message(e)));
    assertThrows(IllegalStateException.class, supervisor::output);
  }

  @Test
  void aStartFailsWithTheJvmsWords() throws Exception {
    SupervisorExtension supervisor = server("").configure("jvm-options = [\"-XX:Nonsense\"]");

    AssertionError e = assertThrows(AssertionError.class, supervisor::start);

    assertTrue(message(e).contains("Unrecognized VM option"), message(e));
  }

  @Test
  void aStartFailsWithTheSupervisorsWords() throws Exception {
    SupervisorExtension supervisor = server("").configure("reddy.probe = \"tcp\"");

    AssertionError e = assertThrows(AssertionError.class, supervisor::start);

    assertTrue(message(e).contains("reddy"), message(e));
  }

  @Test
  void aProcessThatOutlivesItsWorkerIsNamedAndKilled() throws Exception {
    SupervisorExtension supervisor = server("leaves a process");
    supervisor.start();

    AssertionError e = assertThrows(AssertionError.class, () -> supervisor.stop(false));

    assertTrue(message(e).matches("left behind: process \\d+ \\S*sleep 600"), message(e));
  }

  private static SupervisorExtension server(String wrong) {
    return SupervisorExtension.of(TinyServer.class, wrong).listener("http").ready("worker");
  }

  private static String message(Throwable e) {
    return String.valueOf(e.getMessage());
  }

  private static List<Long> pids(String output) {
    return PID.matcher(output).results().map(pid -> Long.valueOf(pid.group(1))).distinct().toList();
  }

  private static void assertNoneLives(List<Long> pids) {
    for (long pid : pids) {
      assertFalse(ProcessHandle.of(pid).isPresent(), () -> "process " + pid + " lives");
    }
  }
}
