package dev.baton.examples.servers;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.util.concurrent.Executors;

/** The JDK's own HTTP server. */
public final class JdkHttpServer {
  private JdkHttpServer() {}

  public static void main(String[] args) throws IOException {
    HttpServer server = HttpServer.create(Where.inet(args[0]), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext(
        "/",
        exchange -> {
          Answer answer = Answer.to(exchange.getRequestURI().toString());
          answer.think();
          exchange.sendResponseHeaders(answer.status(), answer.bytes().length);
          exchange.getResponseBody().write(answer.bytes());
          exchange.close();
        });
    server.start();
    System.out.println("listening on " + server.getAddress());
  }
}
