package dev.baton.endtoend;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A server that answers with what its code says: another version is another class.
 *
 * <p>Arguments: the port, and a file. When there is that file, it cannot stand class-data archives.
 */
final class Coded {
  private Coded() {}

  public static void main(String[] args) throws IOException {
    if (Files.exists(Path.of(args[1])) && hasArchive()) {
      System.exit(3);
    }
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 0);
    server.createContext("/", Coded::answer);
    server.start();
  }

  private static boolean hasArchive() throws IOException {
    return Files.readString(Path.of("/proc/self/maps")).contains("/startup.jsa");
  }

  private static void answer(HttpExchange exchange) throws IOException {
    byte[] body = Code.words().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** What is replaced. */
  private static final class Code {
    private static String words() {
      return "code of version 0";
    }
  }
}
