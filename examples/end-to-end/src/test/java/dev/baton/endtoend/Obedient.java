package dev.baton.endtoend;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * A server that does what a file tells it, at its start and at each request.
 *
 * <p>Arguments: the file, a word it answers with, then the ports. Lines of the file: {@code exit
 * 7}; {@code sick PID} (that process answers 503 at {@code /health} from now on); {@code announce
 * FILE} (write a line when that file is there). At {@code /launch} it tells what it was launched
 * with.
 */
final class Obedient {
  private Obedient() {}

  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[0]);
    List<String> orders = Files.readAllLines(file);
    if (orders.contains("exit 7")) {
      System.err.println("cannot find the database, giving up");
      System.exit(7);
    }
    for (int i = 2; i < args.length; i++) {
      serve(Integer.parseInt(args[i]), file, args[1]);
    }
    for (String order : orders) {
      if (order.startsWith("announce ")) {
        Path awaited = Path.of(order.substring("announce ".length()));
        Await.until("told to announce", () -> Files.exists(awaited));
        System.out.println("open for business");
      }
    }
  }

  private static void serve(int port, Path orders, String word) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", exchange -> answer(exchange, 200, word + " from pid " + pid()));
    server.createContext("/launch", exchange -> answer(exchange, 200, launch()));
    server.createContext(
        "/health",
        exchange -> {
          boolean sick = Files.readAllLines(orders).contains("sick " + pid());
          answer(exchange, sick ? 503 : 200, "health");
        });
    server.start();
  }

  private static long pid() {
    return ProcessHandle.current().pid();
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static String launch() throws IOException {
    StringBuilder all = new StringBuilder();
    all.append("directory=").append(Path.of("").toRealPath()).append('\n');
    all.append("java=").append(System.getProperty("java.home")).append('\n');
    all.append("property=").append(System.getProperty("shop.property")).append('\n');
    try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
      status.filter(line -> line.startsWith("Uid:")).forEach(line -> all.append(line).append('\n'));
    }
    new TreeMap<>(System.getenv())
        .forEach((name, value) -> all.append(name).append('=').append(value).append('\n'));
    return all.toString();
  }
}
