package dev.baton.worker.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.baton.worker.Worker;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** Says which process answers. An argument has it do something wrong. */
final class TinyServer {
  private TinyServer() {}

  public static void main(String[] args) throws IOException {
    Worker worker = Worker.attach();
    String wrong = args.length == 0 ? "" : args[0];
    if (wrong.equals("ends")) {
      throw new IOException("no database");
    }
    if (wrong.equals("leaves a process")) {
      new ProcessBuilder("sleep", "600").start();
    }
    HttpServer server = HttpServer.create(worker.listener("http").inetAddress(), 0);
    server.createContext("/", exchange -> answer(exchange, worker));
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
    if (wrong.equals("never ready again") && worker.generation() > 1) {
      worker.status("warming caches, 40 %");
    } else {
      worker.ready();
    }
  }

  private static void answer(HttpExchange exchange, Worker worker) throws IOException {
    if (worker.isDraining()) {
      exchange.getResponseHeaders().set("Connection", "close");
    }
    byte[] text = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, text.length);
    try (OutputStream body = exchange.getResponseBody()) {
      body.write(text);
    }
  }
}
