package dev.baton.endtoend;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A server that does at each start what a file tells it: so a later generation of the same command
 * can be a broken version of it.
 *
 * <p>Arguments: the file, then the ports. Lines of the file: {@code health 503}, {@code exit 7},
 * {@code hang}, {@code ports 1} (bind only so many), {@code hang-after-bind}.
 */
final class Misbehaving {
  private Misbehaving() {}

  public static void main(String[] args) throws Exception {
    List<String> orders = Files.readAllLines(Path.of(args[0]));
    if (orders.contains("exit 7")) {
      System.err.println("cannot find the database, giving up");
      System.exit(7);
    }
    if (orders.contains("hang")) {
      hang();
    }
    int ports = orders.contains("ports 1") ? 1 : args.length - 1;
    for (int i = 1; i <= ports; i++) {
      serve(Integer.parseInt(args[i]), orders.contains("health 503") ? 503 : 200);
      if (orders.contains("hang-after-bind")) {
        hang();
      }
    }
    System.out.println("listening");
  }

  private static void serve(int port, int health) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          sleepIf(path.equals("/slow"));
          byte[] body =
              ("hello from pid " + ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(path.equals("/health") ? health : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  private static void sleepIf(boolean slow) {
    try {
      TimeUnit.SECONDS.sleep(slow ? 2 : 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void hang() throws InterruptedException {
    System.out.println("hanging");
    TimeUnit.HOURS.sleep(1);
  }
}
