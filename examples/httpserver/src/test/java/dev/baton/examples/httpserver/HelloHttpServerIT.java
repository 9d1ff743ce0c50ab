package dev.baton.examples.httpserver;

import dev.baton.worker.testkit.Report;
import dev.baton.worker.testkit.SupervisorExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a build of your own would have. */
final class HelloHttpServerIT {
  @RegisterExtension
  final SupervisorExtension supervisor =
      SupervisorExtension.of(HelloHttpServer.class).listener("http").ready("worker");

  @Test
  void noClientNoticesARestart() throws Exception {
    Report report = supervisor.load("http").keepAlive(10).during(supervisor::restart);
    report.assertNothingFailed();
  }
}
