package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.Gate;
import dev.baton.supervisor.config.Gate.Statuses;
import dev.baton.supervisor.process.Gates.Result;
import dev.baton.testing.NothingLeft;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an http gate asks, and how it takes what servers answer, good ones and bad ones. */
@ExtendWith(NothingLeft.class)
@Timeout(30)
final class HttpProbeTest {
  private static final Duration PATIENT = Duration.ofSeconds(20);
  private static final Duration IMPATIENT = Duration.ofMillis(300);

  private static final String OK_CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final String INTERIM =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";

  private static Gate.Http get(String body, Duration timeout) {
    return new Gate.Http(false, 0, "/health", "GET", Statuses.GOOD, body, 1, timeout);
  }

  private static Gate.Http ask(String method, int repeats) {
    return new Gate.Http(false, 0, "/health", method, Statuses.GOOD, "", repeats, PATIENT);
  }

  private static Map<Address, SocketAddress> faces(String listener, SocketAddress face)
      throws Exception {
    Map<Address, SocketAddress> faces = new LinkedHashMap<>();
    faces.put(Address.parse(listener), face);
    return faces;
  }

  private static Result run(Gate.Http gate, ScriptedServer.Script script) throws Exception {
    try (ScriptedServer server = ScriptedServer.start(script)) {
      return new HttpProbe(gate).run(Faces.of(faces("8080", server.address())));
    }
  }

  private static void assertPasses(Result result, String detail) {
    assertTrue(result.passed(), result.detail());
    assertEquals(detail, result.detail());
  }

  private static void assertFails(Result result, String detail) {
    assertFalse(result.passed(), result.detail());
    assertEquals(detail, result.detail());
  }

  @ParameterizedTest
  @CsvSource({"204,200,false", "204,204,true", "200-299,302,false", "401-404,403,true"})
  void statusesThatAreAskedForDecide(String wanted, int answered, boolean passes) throws Exception {
    Gate.Http gate =
        new Gate.Http(false, 0, "/health", "GET", Statuses.parse(wanted), "", 1, PATIENT);

    Result result =
        run(
            gate,
            ScriptedServer.saying("HTTP/1.1 " + answered + " X\r\nContent-Length: 0\r\n\r\n"));

    assertEquals(passes, result.passed(), result.detail());
    assertEquals("/health answered " + answered, result.detail());
  }

  @ParameterizedTest
  @CsvSource({"GET,false", "HEAD,false", "POST,true", "OPTIONS,true"})
  void requestIsOneThatEveryServerUnderstands(String method, boolean saysThatItHasNoBody)
      throws Exception {
    BlockingQueue<String> heads = new LinkedBlockingQueue<>();

    Result result =
        run(
            ask(method, 1),
            (in, out) -> {
              heads.add(ScriptedServer.readHead(in));
              ScriptedServer.say(out, "HTTP/1.1 204 No Content\r\n\r\n");
            });

    assertTrue(result.passed(), result.detail());
    String head = heads.take();
    assertTrue(head.startsWith(method + " /health HTTP/1.1\r\nHost: localhost\r\n"), head);
    assertTrue(head.contains("\r\nConnection: close\r\n"), head);
    assertEquals(saysThatItHasNoBody, head.contains("\r\nContent-Length: 0\r\n"), head);
  }

  @Test
  void repeatsAreRequestsOnConnectionsOfTheirOwn() throws Exception {
    AtomicInteger clients = new AtomicInteger();

    Result result =
        run(
            ask("GET", 3),
            (in, out) -> {
              ScriptedServer.readHead(in);
              boolean third = clients.incrementAndGet() == 3;
              ScriptedServer.say(out, "HTTP/1.1 " + (third ? 503 : 200) + " X\r\n\r\n");
            });

    assertFails(result, "/health answered 503 at request 3 of 3");
    assertEquals(3, clients.get());
  }

  @Test
  void firstRequestThatFailsIsTheLast() throws Exception {
    AtomicInteger clients = new AtomicInteger();

    Result result =
        run(
            ask("GET", 3),
            (in, out) -> {
              clients.incrementAndGet();
              ScriptedServer.readHead(in);
              ScriptedServer.say(out, "HTTP/1.1 503 X\r\n\r\n");
            });

    assertFails(result, "/health answered 503");
    assertEquals(1, clients.get());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{\"status\": \"UP\"}",
        "HTTP/1.1 200 OK\ncontent-length:16\n\n{\"status\": \"UP\"}",
        OK_CHUNKED
            + "9\r\n{\"status\"\r\n4;why=not\r\n: \"U\r\n03 \r\nP\"}\r\n0\r\nTrailer: x\r\n\r\n",
        INTERIM + "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{\"status\": \"UP\"}"
      })
  void patternSeesTheBodyHoweverItIsSent(String answer) throws Exception {
    Gate.Http gate = get("\"status\":\\s*\"UP\"", PATIENT);

    assertPasses(run(gate, ScriptedServer.saying(answer)), "/health answered 200");
  }

  @Test
  void bodyWithoutALengthEndsWithTheConnection() throws Exception {
    Result result =
        run(
            get("UP$", PATIENT),
            (in, out) -> {
              ScriptedServer.readHead(in);
              ScriptedServer.say(out, "HTTP/1.0 200 OK\r\n\r\nit is UP");
            });

    assertPasses(result, "/health answered 200");
  }

  @Test
  void bodyThatSaysSomethingElseDoesNotPass() throws Exception {
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nDOWN";

    assertFails(
        run(get("UP|ready", PATIENT), ScriptedServer.saying(answer)),
        "/health answered 200, but 'UP|ready' is not in its body");
  }

  @ParameterizedTest
  @CsvSource({"text/plain; charset=ISO-8859-1,gr\u00fcn", "text/plain,gr\u00c3\u00bcn"})
  void bodyIsReadInItsCharset(String type, String bytes) throws Exception {
    String answer = "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: ";

    Result result =
        run(
            get("^gr\u00fcn$", PATIENT),
            ScriptedServer.saying(answer + bytes.length() + "\r\n\r\n" + bytes));

    assertPasses(result, "/health answered 200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
      })
  void endOfTheConnectionIsNotWaitedFor(String answer) throws Exception {
    assertTrue(run(get("", PATIENT), ScriptedServer.saying(answer)).passed());
  }

  @Test
  void headIsNotFollowedByABody() throws Exception {
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n";

    assertPasses(run(ask("HEAD", 1), ScriptedServer.saying(answer)), "/health answered 200");
  }

  @ParameterizedTest
  @CsvSource({"70000,false", "60000,true"})
  void patternIsLookedForInTheBeginningButAllIsRead(int before, boolean seen) throws Exception {
    String body = "x".repeat(before) + "UP" + "x".repeat(500_000);
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    try (ScriptedServer server = ScriptedServer.start(ScriptedServer.saying(answer))) {
      Result result =
          new HttpProbe(get("UP", PATIENT)).run(Faces.of(faces("8080", server.address())));

      assertEquals(seen, result.passed(), result.detail());
      assertEquals("done", server.nextEnd()); // and not: Broken pipe
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Transfer-Encoding: chunked\r\n", "Content-Length: 99999999999\r\n"})
  void bodyWithoutEndIsCutAndItsStatusCounts(String header) throws Exception {
    String chunk = header.contains("chunked") ? "4\r\nabcd\r\n" : "abcdefgh";

    Result result =
        run(
            get("", PATIENT),
            ScriptedServer.sayingForEver("HTTP/1.1 200 OK\r\n" + header + "\r\n", chunk));

    assertPasses(result, "/health answered 200");
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 200 OK\\r\\n,a: b\\r\\n",
    "HTTP/1.1 100 X\\r\\n,\\r\\nHTTP/1.1 100 X\\r\\n"
  })
  void headWithoutEndDoesNotPass(String beginning, String more) throws Exception {
    Result result =
        run(
            get("", PATIENT),
            ScriptedServer.sayingForEver(beginning.translateEscapes(), more.translateEscapes()));

    assertFails(result, "/health answered with a head of more than 65536 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
      })
  void answerThatIsCutShortDoesNotPass(String answer) throws Exception {
    assertFails(
        run(get("", PATIENT), leavingAfter(answer)),
        "/health answered with an answer that was cut short");
  }

  @ParameterizedTest
  @CsvSource({
    "Content-Length: -1,the length '-1'",
    "Content-Length: ten,the length 'ten'",
    "Transfer-Encoding: chunked,a chunk that does not say its size"
  })
  void lengthThatIsNoneDoesNotPass(String header, String what) throws Exception {
    assertFails(
        run(get("", PATIENT), leavingAfter("HTTP/1.1 200 OK\r\n" + header + "\r\n\r\n-5\r\n")),
        "/health answered with " + what);
  }

  @Test
  void portThatSpeaksTlsIsTold() throws Exception {
    assertFails(
        run(get("", PATIENT), leavingAfter("\u0015\3\3\0\2\2\62")),
        "/health answered with TLS, so ask by https");
  }

  private static ScriptedServer.Script leavingAfter(String answer) {
    return (in, out) -> {
      ScriptedServer.readHead(in);
      ScriptedServer.say(out, answer);
    };
  }

  @Test
  void serverThatNeverAnswersIsWaitedForAsLongAsAsked() throws Exception {
    Result result = run(get("", IMPATIENT), (in, out) -> ScriptedServer.awaitEnd(in));

    assertFails(result, "/health did not answer within 300ms");
    assertTrue(result.nanos() >= IMPATIENT.toNanos(), () -> result.nanos() + " ns");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n"
      })
  void answerThatTricklesIsNotWaitedForLonger(String beginning) throws Exception {
    Result result = run(get("", IMPATIENT), ScriptedServer.trickling(beginning));

    assertFails(result, "/health did not answer within 300ms");
    assertTrue(result.nanos() < TimeUnit.SECONDS.toNanos(10), () -> result.nanos() + " ns");
  }

  @Test
  void timeIsThatOfTheWholeRequest() throws Exception {
    AtomicLong heldNanos = new AtomicLong();

    Result result =
        run(
            get("", PATIENT),
            (in, out) -> {
              long start = System.nanoTime();
              ScriptedServer.readHead(in);
              ScriptedServer.say(out, "HTTP/1.1 200 OK\r\n\r\n");
              waitALittle(in);
              heldNanos.set(System.nanoTime() - start);
            });

    assertTrue(result.nanos() >= heldNanos.get() / 2, () -> result + " " + heldNanos);
    assertTrue(heldNanos.get() > 0);
  }

  /** The client says nothing more, so this takes as long as the socket's timeout. */
  private static void waitALittle(InputStream in) throws IOException {
    try {
      assertEquals(-1, in.read());
    } catch (SocketTimeoutException e) {
      // as expected
    }
  }

  @Test
  void patternThatIsTooMuchForTheMatcherDoesNotPass() throws Exception {
    String body = "a".repeat(60_000);
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;

    Result deep = run(get("^(?:a|b)*$", PATIENT), ScriptedServer.saying(answer));
    Result slow = run(get("(.*)(.*)(.*)\\1\\2\\3!", PATIENT), ScriptedServer.saying(answer));

    assertTrue(deep.detail().contains("takes too long on 60000 characters"), deep.detail());
    assertTrue(slow.detail().contains("takes too long on 60000 characters"), slow.detail());
  }
}
