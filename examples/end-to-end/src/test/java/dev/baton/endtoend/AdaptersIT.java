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

  /** Of what differs by little, when time is short. */
  private static final int FEWER = RESTARTS > 2 ? RESTARTS : 1;

  @RegisterExtension final Machine machine = new Machine();

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @ValueSource(
      strings = {"httpserver", "jetty", "netty", "vertx", "tomcat", "undertow", "spring-boot"})
  void noClientOfAnyKindNoticesRestarts(String example) throws Exception {
    restart(example, Map.of(), RESTARTS);
  }

  @Test
  void norDoTheyOnJettyUnderSpringBoot() throws Exception {
    restart("spring-boot-jetty", Map.of(), FEWER);
  }

  /** Which binds for itself, or gets the number of what we have bound. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @ValueSource(strings = {"epoll", "fd"})
  void norDoTheyOnNettysNativeTransport(String transport) throws Exception {
    restart("netty", Map.of("TRANSPORT", transport), FEWER);
  }

  private void restart(String example, Map<String, String> environment, int restarts)
      throws Exception {
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
    for (int i = 0; i < restarts; i++) {
      Command restart = supervisor.restart();
      assertEquals(0, restart.exit(), () -> restart.out() + restart.err());
      assertTrue(restart.out().contains("drained"), () -> "cut off: " + restart.out());
    }
    List<String> failures = new ArrayList<>();
    for (Map.Entry<String, Load> one : loads.entrySet()) {
      Report report = one.getValue().stop();
      print(example, restarts, one.getKey(), report);
      report.examples().forEach(failure -> failures.add(one.getKey() + ": " + failure));
      assertTrue(report.answeredBy().size() > 1, () -> report.answeredBy().toString());
    }

    assertEquals(List.of(), failures);
  }

  private static void print(String example, int restarts, String clients, Report report) {
    System.out.printf(
        Locale.ROOT,
        "%s, %s: %d restarts, %d requests, %d failed, by %d processes, %s%n",
        example,
        clients,
        restarts,
        report.started(),
        report.failed(),
        report.answeredBy().size(),
        report.latencies().get("steady"));
  }
}
