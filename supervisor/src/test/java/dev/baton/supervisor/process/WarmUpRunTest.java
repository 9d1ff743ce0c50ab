package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.WarmUp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real helpers on a real server. */
@Timeout(60)
final class WarmUpRunTest {
  private static final Address PORT = new Address(Address.Kind.TCP, "*", 8080, "");

  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private volatile int status = 200;
  private HttpServer server;

  /** What a run has said. */
  private static final class Heard implements WarmUpRun.Listener {
    private final BlockingQueue<String> progress = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> end = new LinkedBlockingQueue<>();

    @Override
    public void progress(String words) {
      progress.add(words);
    }

    @Override
    public void over(boolean passed, String words) {
      end.add(passed + " " + words);
    }
  }

  WarmUpRunTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() {
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    asked.add(
        exchange.getRequestMethod()
            + " "
            + exchange.getRequestURI()
            + " "
            + exchange.getRequestHeaders().getFirst("X-Warm-Up")
            + " "
            + new String(body, StandardCharsets.UTF_8));
    exchange.sendResponseHeaders(status, 2);
    exchange.getResponseBody().write(new byte[] {'o', 'k'});
    exchange.close();
  }

  private Map<Address, SocketAddress> faces() {
    return Map.of(PORT, server.getAddress());
  }

  private static WarmUp asking(Duration timeout) {
    return WarmUp.of(ImmutableList.of("/a", "/b?c"), timeout);
  }

  private WarmUpRun start(WarmUp how, Heard heard) throws IOException {
    return WarmUpRun.start(how, faces(), ProcessHandle.current().pid(), heard);
  }

  @Test
  void endsWhenLatencyHasSettled() throws Exception {
    Heard heard = new Heard();

    start(asking(Duration.ofSeconds(50)), heard);

    String end = heard.end.take();
    assertTrue(end.matches("true warmed up: \\d+ requests, p99 [\\d.]+ms, now [\\d.]+ms"), end);
    String first = heard.progress.take();
    assertTrue(first.matches("warm-up: \\d+ requests, p99 [\\d.]+ms, now [\\d.]+ms"), first);
    assertTrue(asked.contains("GET /a null "), asked.peek());
    assertTrue(asked.contains("GET /b?c null "));
  }

  @Test
  void endsWhenTheTimeIsOverAndSaysSo() throws Exception {
    Heard heard = new Heard();
    status = 404;
    WarmUp how =
        new WarmUp(
            false,
            8080,
            ImmutableList.of("/a"),
            "POST",
            ImmutableMap.of("X-Warm-Up", "yes"),
            "body",
            1,
            Duration.ofSeconds(1));

    start(how, heard);

    String end = heard.end.take();
    assertTrue(
        end.matches("true warm-up not settled in 1.00 s: \\d+ requests, .*were answered 4xx"), end);
    assertEquals("POST /a yes body", asked.peek());
  }

  @Test
  void workerThatOnlyFailsHasNotPassed() throws Exception {
    Heard heard = new Heard();
    status = 503;

    start(asking(Duration.ofSeconds(1)), heard);

    String end = heard.end.take();
    assertTrue(end.matches("false warm-up: no answer in 1.00 s: /(a|b\\?c) answered 503"), end);
  }

  @Test
  void helperIsGoneWhenItIsEnded() throws Exception {
    Heard heard = new Heard();
    WarmUpRun run = start(asking(Duration.ofSeconds(50)), heard);
    heard.progress.take();
    ProcessHandle helper = helper();

    run.end();

    helper.onExit().get();
    assertFalse(helper.isAlive());
    assertTrue(heard.end.isEmpty());
  }

  @Test
  void helperThatIsKilledIsNoFailureOfTheWorker() throws Exception {
    Heard heard = new Heard();
    start(asking(Duration.ofSeconds(50)), heard);
    heard.progress.take();

    helper().destroyForcibly();

    assertEquals("true not warmed up: the helper ended with 137", heard.end.take());
  }

  private static ProcessHandle helper() {
    return ProcessHandle.current()
        .children()
        .filter(one -> one.info().commandLine().orElse("").contains("WarmUpHelper"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void nothingToAskIsSaid() {
    WarmUp other =
        new WarmUp(
            false,
            9090,
            ImmutableList.of("/"),
            "GET",
            ImmutableMap.of(),
            "",
            1,
            Duration.ofSeconds(1));

    IOException e = assertThrows(IOException.class, () -> start(other, new Heard()));

    assertEquals("it listens on nothing on port 9090 that could be asked", e.getMessage());
  }
}
