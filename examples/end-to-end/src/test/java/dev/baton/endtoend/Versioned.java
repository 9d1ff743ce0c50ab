package dev.baton.endtoend;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A server from a jar, which answers with what that jar says its version is. A request for {@code
 * /late} is answered once a file is there, by a class that nothing has needed before.
 *
 * <p>Arguments: the port, and the file.
 */
final class Versioned {
  private final String version;
  private final Path awaited;

  private Versioned(String version, Path awaited) {
    this.version = version;
    this.awaited = awaited;
  }

  public static void main(String[] args) throws IOException {
    Versioned versioned = new Versioned(read("version.txt"), Path.of(args[1]));
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", versioned::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String text = exchange.getRequestURI().getPath().equals("/late") ? late() : version;
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private String late() {
    System.out.println("waiting");
    try {
      while (!Files.exists(awaited)) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Late.words();
  }

  private static String read(String resource) throws IOException {
    try (InputStream in = Versioned.class.getResourceAsStream("/" + resource)) {
      if (in == null) {
        throw new FileNotFoundException(resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Loaded, with its resource, when it is used for the first time. */
  private static final class Late {
    private static String words() {
      try {
        return read("late.txt");
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
