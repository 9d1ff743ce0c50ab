package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.Gate;
import dev.baton.supervisor.process.Gates.Result;
import dev.baton.testing.NothingLeft;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gates, before servers that do well and servers that do not. */
@ExtendWith(NothingLeft.class)
@Timeout(30)
final class ProberTest {
  @TempDir private Path folder = Path.of("");

  /** What a server does with the connection it was given, until the peer has gone. */
  private interface Service {
    void serve(Socket client) throws Exception;
  }

  @ParameterizedTest
  @CsvSource({"200,true", "204,true", "302,true", "404,false", "500,false", "503,false"})
  void statusDecides(int status, boolean passes) throws Exception {
    Result result = probe(answer("HTTP/1.1 " + status + " Whatever\r\n\r\n"));

    assertEquals(passes, result.passed());
    assertEquals("/health answered " + status, result.detail());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "SSH-2.0-OpenSSH\r\n", "HTTP/1.1\r\n", "\0\0\0\0"})
  void whatIsNotHttpDoesNotPass(String words) throws Exception {
    Result result = probe(answer(words));

    assertFalse(result.passed());
    assertTrue(result.detail().contains("not HTTP"), result.detail());
  }

  @Test
  void answerThatNeverEndsDoesNotPass() throws Exception {
    Result result =
        probe(
            client -> {
              client
                  .getOutputStream()
                  .write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.UTF_8));
              while (true) { // ends when the prober has gone
                client.getOutputStream().write('x');
                Thread.sleep(10);
              }
            });

    assertFalse(result.passed());
    assertTrue(result.detail().contains("did not answer"), result.detail());
  }

  @Test
  void serverThatSaysNothingDoesNotPass() throws Exception {
    Result result = probe(client -> readToTheEnd(client));

    assertFalse(result.passed());
    assertTrue(result.detail().contains("did not answer"), result.detail());
  }

  @Test
  void portWhereNobodyListensDoesNotPass() throws Exception {
    int port;
    try (ServerSocket free = open()) {
      port = free.getLocalPort();
    }
    SocketAddress face = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);

    assertFalse(Prober.probe(Gate.parse("http:/health"), faces("8080", face)).passed());
    assertFalse(Prober.probe(Gate.parse("tcp"), faces("8080", face)).passed());
  }

  @Test
  void portOfTheProbeChoosesTheFace() throws Exception {
    try (ServerSocket wrong = open();
        ServerSocket right = open()) {
      Map<Address, SocketAddress> faces = faces("8080", wrong.getLocalSocketAddress());
      faces.putAll(faces("8081", right.getLocalSocketAddress()));

      Result result = serving(right, answer("HTTP/1.0 200 OK\r\n\r\n"), "http:8081/health", faces);

      assertTrue(result.passed(), result.detail());
      assertEquals(
          "it listens on nothing on port 9 that http:9/health could ask",
          Prober.probe(Gate.parse("http:9/health"), faces).detail());
    }
  }

  @Test
  void connectionThatNobodyTakesDoesNotPass() throws Exception {
    try (ServerSocket idle = open()) {
      Result result = Prober.probe(Gate.parse("tcp"), faces("8080", idle.getLocalSocketAddress()));

      assertEquals("tcp:*:8080 does not accept connections", result.detail());
      assertFalse(result.passed());
    }
  }

  @Test
  void connectionOnAPathThatNobodyTakesDoesNotPass() throws Exception {
    try (ServerSocketChannel idle = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      idle.bind(UnixDomainSocketAddress.of(folder.resolve("s")));
      Map<Address, SocketAddress> faces = faces("unix:/app.sock", idle.getLocalAddress());

      assertEquals(
          "unix:/app.sock does not accept connections",
          Prober.probe(Gate.parse("tcp"), faces).detail());
      idle.accept().close();
    }
  }

  @Test
  void connectionThatIsTakenPasses() throws Exception {
    try (ServerSocket server = open()) {
      Map<Address, SocketAddress> faces = faces("8080", server.getLocalSocketAddress());

      assertTrue(serving(server, client -> readToTheEnd(client), "tcp", faces).passed());
    }
  }

  @Test
  void socketAtHandIsAskedUntilNobodyWaitsThere() throws Exception {
    try (ServerSocket server = open()) {
      AtomicInteger looks = new AtomicInteger();
      Map<Address, SocketAddress> addresses = faces("8080", server.getLocalSocketAddress());
      Faces faces =
          new Faces(
              addresses,
              listener -> {
                if (looks.incrementAndGet() == 3) {
                  acceptOne(server);
                }
                return looks.get() < 3;
              });

      assertTrue(Prober.probe(Gate.parse("tcp"), faces).passed());
      assertEquals(3, looks.get());
    }
  }

  @Test
  void kernelsTableHasTheLastWordAboutWhoWaits() throws Exception {
    try (ServerSocket idle = open()) {
      Map<Address, SocketAddress> addresses = faces("8080", idle.getLocalSocketAddress());

      Result result = Prober.probe(Gate.parse("tcp"), new Faces(addresses, listener -> false));

      assertEquals("tcp:*:8080 does not accept connections", result.detail());
    }
  }

  private static void acceptOne(ServerSocket server) {
    try {
      server.accept().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void nothingIsAskedOfDatagramsOrWithoutAProbe() throws Exception {
    SocketAddress nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

    assertTrue(Prober.probe(Gate.parse("tcp"), faces("udp:5353", nowhere)).passed());
    assertTrue(Prober.probe(Gate.parse("none"), faces("8080", nowhere)).passed());
  }

  private static Result probe(Service service) throws Exception {
    try (ServerSocket server = open()) {
      return serving(
          server, service, "http:/health", faces("8080", server.getLocalSocketAddress()));
    }
  }

  private static Result serving(
      ServerSocket server, Service service, String probe, Map<Address, SocketAddress> faces)
      throws Exception {
    FutureTask<Void> role =
        new FutureTask<>(
            () -> {
              try (Socket client = server.accept()) {
                service.serve(client);
              } catch (IOException e) {
                // The prober had enough.
              }
              return null;
            });
    Thread thread = new Thread(role, "server");
    thread.start();
    Result result = Prober.probe(Gate.parse(probe), faces);
    role.get();
    thread.join();
    return result;
  }

  private static Service answer(String words) {
    return client -> {
      client.getOutputStream().write(words.getBytes(StandardCharsets.ISO_8859_1));
      client.shutdownOutput();
      readToTheEnd(client);
    };
  }

  private static void readToTheEnd(Socket client) throws IOException {
    client.getInputStream().readAllBytes();
  }

  private static ServerSocket open() throws IOException {
    return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  private static Map<Address, SocketAddress> faces(String listener, SocketAddress face)
      throws Exception {
    Map<Address, SocketAddress> faces = new LinkedHashMap<>();
    faces.put(Address.parse(listener), face);
    return faces;
  }
}
