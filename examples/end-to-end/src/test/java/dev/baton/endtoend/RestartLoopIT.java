package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Unmodified servers, restarted again and again under load: no client may notice. */
final class RestartLoopIT {
  private static final int RESTARTS = Integer.getInteger("baton.restarts", 10);
  private static final int RATE = 150;

  @RegisterExtension final Machine machine = new Machine();

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0} {1} on {2}")
  @CsvSource({
    "JdkHttpServer, '', 127.0.0.1",
    "JdkHttpServer, '', ::1",
    "PlainServerSocket, '', 127.0.0.1",
    "PlainServerSocket, '', ::1",
    "NioServer, '', 127.0.0.1",
    "NioServer, '', unix",
    "JettyServer, '', 127.0.0.1",
    "JettyServer, '', ::1",
    "TomcatServer, '', 127.0.0.1",
    "NettyServer, nio, 127.0.0.1",
    "NettyServer, epoll, 127.0.0.1",
    "NettyServer, epoll, ::1",
    "NettyServer, epoll, unix"
  })
  void noClientNoticesRestarts(String server, String transport, String host) throws Exception {
    SocketAddress target = target(host);
    List<String> command =
        transport.isEmpty()
            ? Servers.command(server, argument(target))
            : Servers.command(server, argument(target), transport);
    // Asked for in advance, the listener has to be the one the server binds, whatever both call it.
    Supervisor supervisor =
        machine.supervise(
            Servers.run(List.of("--probe", probe(host), "--listen", argument(target)), command));

    Load load = Load.to(target).rate(RATE).start();
    for (int i = 0; i < RESTARTS; i++) {
      Command restart = supervisor.restart();
      assertEquals(0, restart.exit(), () -> restart.out() + restart.err());
    }
    Report report = load.stop();

    System.out.printf(
        Locale.ROOT,
        "%s %s on %s: %d restarts, %d requests, %d failed, by %d processes, %s%n",
        server,
        transport,
        host,
        RESTARTS,
        report.started(),
        report.failed(),
        report.answeredBy().size(),
        report.latencies().get("steady"));
    assertEquals(List.of(), report.examples());
    assertEquals(report.started(), report.succeeded());
    assertTrue(report.answeredBy().size() >= RESTARTS, () -> report.answeredBy().toString());
    assertNothingUnusual(supervisor.output());
  }

  /** A switch must leave no trace in what the server says. */
  private static void assertNothingUnusual(String output) {
    List<String> unusual =
        output
            .lines()
            .filter(line -> !line.startsWith("Picked up JAVA_TOOL_OPTIONS"))
            .filter(line -> !line.startsWith("listening on "))
            .filter(line -> !line.contains(" INFO ") && !line.startsWith("INFO"))
            .filter(line -> !line.isBlank())
            .toList();
    assertEquals(List.of(), unusual);
  }

  private SocketAddress target(String host) throws Exception {
    return host.equals("unix")
        ? UnixDomainSocketAddress.of(machine.folder().resolve("app.sock"))
        : new InetSocketAddress(InetAddress.getByName(host), Machine.freePort());
  }

  private static String probe(String host) {
    return host.equals("unix") ? "tcp" : "http:/health";
  }

  private static String argument(SocketAddress target) {
    if (target instanceof InetSocketAddress inet) {
      String host = inet.getAddress().getHostAddress();
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + inet.getPort();
    }
    return "unix:" + target;
  }
}
