package dev.baton.endtoend;

import com.sun.net.httpserver.HttpServer;
import dev.baton.worker.Worker;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server that listens at once, and says that it is ready when a file is there. It answers with
 * who it is: service, generation, slot.
 *
 * <p>Arguments: port, the file.
 */
final class Talkative {
  private Talkative() {}

  static List<String> command(int port, Path file) {
    return Application.smallJvm(
        64, Talkative.class.getName(), Integer.toString(port), file.toString());
  }

  public static void main(String[] args) throws Exception {
    Worker worker = Worker.attach();
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 0);
    byte[] answer =
        (worker.service() + " " + worker.generation() + " " + worker.slot())
            .getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, answer.length);
          try (OutputStream body = exchange.getResponseBody()) {
            body.write(answer);
          }
        });
    server.start();
    worker.status("waiting for " + args[1]);
    while (!Files.exists(Path.of(args[1]))) {
      TimeUnit.MILLISECONDS.sleep(10); // what is waited for is outside of this process
    }
    worker.ready();
    worker.status("");
  }
}
