package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.Gate;
import dev.baton.supervisor.process.Gates.Result;
import dev.baton.testing.NothingLeft;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gates over TLS, before servers whose certificate nobody should trust, and before worse ones. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class HttpsProbeTest {
  private static final Duration PATIENT = Duration.ofSeconds(20);
  private static final Duration IMPATIENT = Duration.ofMillis(500);
  private static final String PASSWORD = "changeit";

  private static ServerSocketFactory badCertificate = ServerSocketFactory.getDefault();

  private static Result run(ScriptedServer server, Duration timeout) throws Exception {
    Gate.Http gate = new Gate.Http(true, 0, "/health", "GET", Gate.Statuses.GOOD, "UP", 2, timeout);
    return new HttpProbe(gate).run(Faces.of(Map.of(Address.parse("8443"), server.address())));
  }

  /** A certificate that is self-signed, has expired, and is another's. */
  @BeforeAll
  static void makeBadCertificate(@TempDir Path folder) throws Exception {
    Path store = folder.resolve("store.p12");
    Path log = folder.resolve("keytool.log");
    Process keytool =
        new ProcessBuilder(keytool(store))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int code = keytool.waitFor();
    assertEquals(0, code, Files.readString(log));
    badCertificate = sockets(store);
  }

  private static List<String> keytool(Path store) {
    String program = Path.of(System.getProperty("java.home"), "bin/keytool").toString();
    List<String> command = new ArrayList<>(List.of(program, "-genkeypair"));
    command.addAll(List.of("-alias", "x", "-keyalg", "EC", "-dname", "CN=somebody else"));
    command.addAll(List.of("-ext", "san=ip:192.0.2.1,dns:shop.example"));
    command.addAll(List.of("-startdate", "-30d", "-validity", "1"));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(List.of("-keystore", store.toString()));
    return command;
  }

  private static ServerSocketFactory sockets(Path store) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context.getServerSocketFactory();
  }

  @Test
  void certificateIsNotJudgedAndNamesTheHost() throws Exception {
    BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    ScriptedServer.Script script =
        (in, out) -> {
          heads.add(ScriptedServer.readHead(in));
          ScriptedServer.say(out, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nUP");
        };
    try (ScriptedServer server = ScriptedServer.start(badCertificate, script)) {
      Result result = run(server, PATIENT);

      assertTrue(result.passed(), result.detail());
      assertEquals("/health answered 200", result.detail());
      String head = heads.take();
      assertTrue(head.contains("\r\nHost: shop.example\r\n"), head);
      assertEquals(1, heads.size()); // the second try
    }
  }

  @Test
  void hostIsOneThatTheCertificateNames() {
    List<?> address = List.of(7, "192.0.2.1");
    List<?> wildcard = List.of(2, "*.shop.example");
    List<?> local = List.of(2, "localhost");
    List<?> odd = List.of(2, "a\r\nb: c");

    assertEquals("localhost", AnyCertificate.chooseHost(List.of(address)));
    assertEquals("localhost", AnyCertificate.chooseHost(List.of(wildcard, local)));
    assertEquals("baton.shop.example", AnyCertificate.chooseHost(List.of(odd, wildcard)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\n\r\n"})
  void answerThatTricklesThroughTlsIsNotWaitedForLonger(String beginning) throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(badCertificate, ScriptedServer.trickling(beginning))) {
      Result result = run(server, IMPATIENT);

      assertFalse(result.passed());
      assertEquals("/health did not answer within 500ms", result.detail());
      assertTrue(result.nanos() < TimeUnit.SECONDS.toNanos(10), () -> result.nanos() + " ns");
    }
  }

  @Test
  void handshakeThatNeverEndsIsNotWaitedForLonger() throws Exception {
    ScriptedServer.Script silent = (in, out) -> ScriptedServer.awaitEnd(in);
    try (ScriptedServer server = ScriptedServer.start(silent)) {
      assertEquals("/health did not answer within 500ms", run(server, IMPATIENT).detail());
    }
  }

  @Test
  void handshakeThatTricklesIsNotWaitedForLonger() throws Exception {
    // The head of a record of 16 KiB, then a byte now and then.
    try (ScriptedServer server =
        ScriptedServer.start(
            (in, out) -> {
              ScriptedServer.say(out, "\26\3\3\100\0\2\0\77\374\3\3");
              ScriptedServer.trickleUntilTheEnd(in, out);
            })) {
      Result result = run(server, IMPATIENT);

      assertEquals("/health did not answer within 500ms", result.detail());
      assertTrue(result.nanos() < TimeUnit.SECONDS.toNanos(10), () -> result.nanos() + " ns");
    }
  }

  @Test
  void serverThatSpeaksNoTlsDoesNotPass() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            (in, out) -> ScriptedServer.say(out, "HTTP/1.1 400 Bad Request\r\n\r\n"))) {
      Result result = run(server, PATIENT);

      assertFalse(result.passed());
      assertTrue(result.detail().startsWith("/health did not answer: "), result.detail());
    }
  }

  @Test
  void plainRequestToATlsPortIsToldSo() throws Exception {
    ScriptedServer.Script script = (in, out) -> ScriptedServer.readHead(in);
    try (ScriptedServer server = ScriptedServer.start(badCertificate, script)) {
      Result result =
          Prober.probe(Gate.parse("http:/health"), Map.of(Address.parse("8443"), server.address()));

      assertEquals("/health answered with TLS, so ask by https", result.detail());
    }
  }
}
