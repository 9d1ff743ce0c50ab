package dev.baton.examples.exclusivescheduler;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.baton.worker.Worker;
import dev.baton.worker.httpserver.DrainFilter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A server of which every worker answers, and one has the scheduler. {@code baton status} shows
 * which.
 */
public final class ExclusiveScheduler {
  private ExclusiveScheduler() {}

  public static void main(String[] args) throws IOException {
    Worker worker = Worker.attach();
    HttpServer server = HttpServer.create(worker.listener("http", "8080").inetAddress(), 0);
    server.createContext("/", ExclusiveScheduler::answer).getFilters().add(new DrainFilter(worker));
    server.start();

    Ticker ticker = new Ticker(args.length == 0 ? 1000 : Long.parseLong(args[0]));
    worker.lease(
        "scheduler",
        () -> {
          ticker.begin();
          worker.status("has the scheduler");
        },
        () -> {
          ticker.end();
          worker.status("");
        });
    worker.ready();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    byte[] text =
        ("hello from pid " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, text.length);
    exchange.getResponseBody().write(text);
    exchange.close();
  }
}
