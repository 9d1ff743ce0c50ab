package dev.baton.examples.httpserver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.baton.worker.Worker;
import dev.baton.worker.httpserver.DrainFilter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Says which process answers; {@code /slow} thinks about it for two seconds. */
public final class HelloHttpServer {
  private HelloHttpServer() {}

  public static void main(String[] args) throws IOException {
    Worker worker = Worker.attach();
    HttpServer server = HttpServer.create(worker.listener("http", "8080").inetAddress(), 0);
    server.createContext("/", HelloHttpServer::answer).getFilters().add(new DrainFilter(worker));
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
    worker.ready();
  }

  static void answer(HttpExchange exchange) throws IOException {
    if (exchange.getRequestURI().getPath().equals("/slow")) {
      think();
    }
    byte[] text =
        ("hello from pid " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, text.length);
    try (OutputStream body = exchange.getResponseBody()) {
      body.write(text);
    }
  }

  private static void think() throws IOException {
    try {
      TimeUnit.SECONDS.sleep(2);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
