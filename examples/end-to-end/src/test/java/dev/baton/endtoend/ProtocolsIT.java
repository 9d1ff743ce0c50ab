package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The examples with an adapter by other protocols than HTTP/1.1 in clear text, restarted under
 * clients that retry nothing.
 */
final class ProtocolsIT {
  private static final int ASKED = Integer.getInteger("baton.adapterRestarts", 2);
  private static final boolean FULL = ASKED > 2;

  /** One will do when time is short. */
  private static final int RESTARTS = FULL ? ASKED : 1;

  @RegisterExtension final Machine machine = new Machine();

  private int port;

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @CsvSource({
    "jetty, jetty.HelloJetty",
    "vertx, vertx.HelloVertx",
  })
  void connectionsOfHttp2EndByGoAway(String example, String main) throws Exception {
    assumeTrue(FULL, "what is on TLS every time");
    Supervisor supervisor = start(example, main, List.of(), List.of());

    Http2Load.Summary summary = http2(null, () -> restart(supervisor));

    System.out.println(example + ", h2c: " + RESTARTS + " restarts, " + summary);
    assertNothingFailed(summary);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @CsvSource({
    "httpserver, httpserver.HelloHttpsServer, , false",
    "netty, netty.HelloNetty, nio, true",
    "tomcat, tomcat.HelloTomcat, , true",
    "undertow, undertow.HelloUndertow, , true",
  })
  void norDoesTlsMakeADifference(
      String example, String main, @Nullable String argument, boolean webSockets) throws Exception {
    Supervisor supervisor = startTls(example, main, argument);
    TlsLoad load = TlsLoad.to(address());

    load.during(webSockets ? () -> restartWithWebSocket(supervisor) : () -> restart(supervisor));

    assertNothingFailed(example, load);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @CsvSource({
    "jetty, jetty.HelloJetty",
    "vertx, vertx.HelloVertx",
  })
  void norForHttp2(String example, String main) throws Exception {
    Supervisor supervisor = startTls(example, main, null);

    assertNothingFails(example, () -> restartWithWebSocket(supervisor));
  }

  private void assertNothingFails(String example, Http2Load.Task task) throws Exception {
    TlsLoad load = TlsLoad.to(address());

    Http2Load.Summary summary = http2(http2Tls(), () -> load.during(task));

    System.out.println(example + ", h2: " + RESTARTS + " restarts, " + summary);
    assertNothingFailed(summary);
    assertNothingFailed(example, load);
  }

  private Supervisor startTls(String example, String main, @Nullable String argument)
      throws Exception {
    List<String> arguments = new ArrayList<>();
    if (argument != null) {
      arguments.add(argument);
    }
    arguments.add("tls");
    return start(example, main, KeyStoreFile.make(machine.folder()).options(), arguments);
  }

  private Supervisor start(
      String example, String main, List<String> options, List<String> arguments) throws Exception {
    port = Machine.freePort();
    String target = Machine.root().resolve("examples/" + example + "/target").toString();
    List<String> command = new ArrayList<>(List.of(Machine.java(), "-Xmx128m"));
    command.add("-Dbaton.listener.http=127.0.0.1:" + port);
    command.addAll(options);
    command.addAll(List.of("-cp", target + "/classes:" + target + "/lib/*"));
    command.add("dev.baton.examples." + main);
    command.addAll(arguments);
    return machine.supervise(Servers.run(List.of("--probe", "worker"), command));
  }

  private InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private Http2Load.Summary http2(@Nullable SslContext tls, Http2Load.Task task) throws Exception {
    Http2Load load = Http2Load.to(address(), tls);
    try {
      return load.during(task);
    } finally {
      load.close();
    }
  }

  private static SslContext http2Tls() throws Exception {
    return SslContextBuilder.forClient()
        .trustManager(InsecureTrustManagerFactory.INSTANCE)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                "h2"))
        .build();
  }

  private static void restart(Supervisor supervisor) throws Exception {
    for (int i = 0; i < RESTARTS; i++) {
      assertDrained(supervisor.restart());
    }
  }

  /** One that is open when the drain begins, whose server ends it then. */
  private void restartWithWebSocket(Supervisor supervisor) throws Exception {
    for (int i = 0; i < RESTARTS; i++) {
      OpenWebSocket socket = OpenWebSocket.open(port, TlsLoad.trusting());
      assertDrained(supervisor.restart());
      assertEquals("1001", socket.end());
    }
  }

  private static void assertDrained(Command restart) {
    assertEquals(0, restart.exit(), () -> restart.out() + restart.err());
    assertTrue(restart.out().contains("drained"), () -> "cut off: " + restart.out());
  }

  private static void assertNothingFailed(Http2Load.Summary summary) {
    assertEquals(List.of(), summary.failures());
    assertTrue(summary.answeredBy().size() > RESTARTS, summary::toString);
    assertTrue(summary.connections() > RESTARTS, summary::toString);
  }

  private static void assertNothingFailed(String example, TlsLoad load) {
    System.out.println(example + ", tls: " + RESTARTS + " restarts, " + load);
    assertEquals(List.of(), load.failures());
    assertTrue(load.answeredBy().size() > RESTARTS, load::toString);
  }
}
