package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.Gate;
import dev.baton.supervisor.process.Gates.Result;
import dev.baton.testing.NothingLeft;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Http gates of a worker that listens on a path, and only there or elsewhere too. */
@ExtendWith(NothingLeft.class)
@Timeout(30)
final class UnixHttpProbeTest {
  private static final Duration PATIENT = Duration.ofSeconds(20);
  private static final Duration IMPATIENT = Duration.ofMillis(300);
  private static final String GOOD = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  private static final String BAD = "HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n";

  @TempDir private Path folder = Path.of("");

  private static Gate.Http get(String body, Duration timeout) {
    return new Gate.Http(false, 0, "/health", "GET", Gate.Statuses.GOOD, body, 1, timeout);
  }

  private static Map<Address, SocketAddress> faces(String listener, SocketAddress face)
      throws Exception {
    Map<Address, SocketAddress> faces = new LinkedHashMap<>();
    faces.put(Address.parse(listener), face);
    return faces;
  }

  private static void assertPasses(Result result, String detail) {
    assertTrue(result.passed(), result.detail());
    assertEquals(detail, result.detail());
  }

  private static void assertFails(Result result, String detail) {
    assertFalse(result.passed(), result.detail());
    assertEquals(detail, result.detail());
  }

  @Test
  void unixFaceIsAskedWhenThereIsNoPort() throws Exception {
    String answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nUP\r\n0\r\n\r\n";
    try (ScriptedServer server =
        ScriptedServer.start(folder.resolve("s"), ScriptedServer.saying(answer))) {
      Map<Address, SocketAddress> faces = faces("unix:/app.sock", server.address());

      assertPasses(new HttpProbe(get("UP", PATIENT)).run(Faces.of(faces)), "/health answered 200");
      assertFails(
          new HttpProbe((Gate.Http) Gate.parse("http:8080/health").get(0)).run(Faces.of(faces)),
          "it listens on nothing on port 8080 that http:8080/health could ask");
    }
  }

  @Test
  void tcpFaceIsPreferredToAUnixFace() throws Exception {
    try (ScriptedServer wrong =
            ScriptedServer.start(folder.resolve("s"), ScriptedServer.saying(BAD));
        ScriptedServer right = ScriptedServer.start(ScriptedServer.saying(GOOD))) {
      Map<Address, SocketAddress> faces = faces("unix:/app.sock", wrong.address());
      faces.putAll(faces("8080", right.address()));

      assertPasses(new HttpProbe(get("", PATIENT)).run(Faces.of(faces)), "/health answered 200");
    }
  }

  @Test
  void unixServerThatNeverAnswersIsWaitedForAsLongAsAsked() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(folder.resolve("s"), (in, out) -> ScriptedServer.awaitEnd(in))) {
      Map<Address, SocketAddress> faces = faces("unix:/app.sock", server.address());

      assertFails(
          new HttpProbe(get("", IMPATIENT)).run(Faces.of(faces)),
          "/health did not answer within 300ms");
    }
  }

  @Test
  void fullQueueOfAUnixServerIsNotWaitedFor() throws Exception {
    Path path = folder.resolve("s");
    try (ServerSocketChannel idle = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      idle.bind(UnixDomainSocketAddress.of(path), 1);
      try (SocketChannel first = SocketChannel.open(idle.getLocalAddress());
          SocketChannel second = SocketChannel.open(idle.getLocalAddress())) {
        assertTrue(first.isConnected() && second.isConnected());

        assertFails(
            new HttpProbe(get("", PATIENT))
                .run(Faces.of(faces("unix:/app.sock", idle.getLocalAddress()))),
            "/health did not answer: its accept queue is full");
      }
    }
  }

  @Test
  void httpsIsNotAskedOverUnixSockets() throws Exception {
    Gate.Http gate = (Gate.Http) Gate.parse("https:/health").get(0);

    assertFails(
        new HttpProbe(gate)
            .run(Faces.of(faces("unix:/app.sock", UnixDomainSocketAddress.of("/none")))),
        "https:/health cannot be asked over a unix socket; use http");
  }
}
