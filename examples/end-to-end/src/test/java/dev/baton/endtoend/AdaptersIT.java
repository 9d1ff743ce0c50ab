package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The examples with an adapter, by their own configuration, restarted under three kinds of client
 * at once. Those that keep connections alive retry nothing: the drain has to tell them.
 */
final class AdaptersIT {
  private static final int RESTARTS = Integer.getInteger("baton.adapterRestarts", 2);

  @RegisterExtension final Machine machine = new Machine();

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @ValueSource(
      strings = {"httpserver", "jetty", "netty", "vertx", "tomcat", "undertow", "spring-boot"})
  void noClientOfAnyKindNoticesRestarts(String example) throws Exception {
    restart(example, Map.of());
  }

  @Test
  void norDoTheyOnNettysNativeTransport() throws Exception {
    restart("netty", Map.of("TRANSPORT", "epoll"));
  }

  private void restart(String example, Map<String, String> environment) throws Exception {
    int port = Machine.freePort();
    Path file = Machine.root().resolve("examples").resolve(example).resolve("baton.toml");
    Map<String, String> all = new LinkedHashMap<>(environment);
    all.put("PORT", Integer.toString(port));
    Supervisor supervisor = machine.start(all, List.of("-f", file.toString()));
    supervisor.awaitServing();
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);

    Map<String, Load> loads = new LinkedHashMap<>();
    loads.put("a connection each", Load.to(address).rate(50).start());
    loads.put("kept alive", Load.to(address).rate(100).keepAlive(10).start());
    loads.put("two seconds each", Load.to(address).path("/slow").rate(10).start());
    for (int i = 0; i < RESTARTS; i++) {
      Command restart = supervisor.restart();
      assertEquals(0, restart.exit(), () -> restart.out() + restart.err());
      assertTrue(restart.out().contains("drained"), () -> "cut off: " + restart.out());
    }
    List<String> failures = new ArrayList<>();
    for (Map.Entry<String, Load> one : loads.entrySet()) {
      Report report = one.getValue().stop();
      print(example, one.getKey(), report);
      report.examples().forEach(failure -> failures.add(one.getKey() + ": " + failure));
      assertTrue(report.answeredBy().size() > 1, () -> report.answeredBy().toString());
    }

    assertEquals(List.of(), failures);
  }

  private static void print(String example, String clients, Report report) {
    System.out.printf(
        Locale.ROOT,
        "%s, %s: %d restarts, %d requests, %d failed, by %d processes, %s%n",
        example,
        clients,
        RESTARTS,
        report.started(),
        report.failed(),
        report.answeredBy().size(),
        report.latencies().get("steady"));
  }
}
