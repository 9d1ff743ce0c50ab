package dev.baton.endtoend;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A server that does not end when it is told to: its shutdown hook, a thread called {@code stays},
 * sleeps. At {@code /fill} it uses up its heap; whatever else it is asked for, it tells its pid.
 *
 * <p>Argument: the port.
 */
final class Stubborn {
  /** Seen by all, so that none of it can be collected. */
  private static final List<byte[]> FILLING = new ArrayList<>();

  private Stubborn() {}

  static List<String> command(int port) {
    return Application.smallJvm(24, Stubborn.class.getName(), Integer.toString(port));
  }

  public static void main(String[] args) throws Exception {
    Runtime.getRuntime().addShutdownHook(new Thread(Stubborn::stay, "stays"));
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext(
        "/",
        exchange -> {
          String pid = "pid " + ProcessHandle.current().pid();
          byte[] body = pid.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.createContext("/fill", exchange -> fill());
    server.start();
  }

  private static void stay() {
    try {
      TimeUnit.HOURS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void fill() {
    while (!Thread.currentThread().isInterrupted()) {
      FILLING.add(new byte[1 << 20]);
    }
  }
}
