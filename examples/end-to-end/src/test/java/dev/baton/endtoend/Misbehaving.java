package dev.baton.endtoend;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that does at each start what a file tells it: so a later generation of the same command
 * can be a broken version of it.
 *
 * <p>Arguments: the file, then the ports. Lines of the file: {@code health 503}, {@code exit 7},
 * {@code exit-in-slot 2}, {@code hang}, {@code ports 1} (bind only so many), {@code
 * hang-after-bind}, {@code sick-soon} (healthy the first time it is asked, then not), {@code
 * complain} (an ERROR in its output with its first client), {@code lock} (beside the file, with its
 * first client; clients of one that does not get the lock meet 500).
 */
final class Misbehaving {
  private static final int HEALTHY = 200;
  private static final int SICK = 503;

  private final List<String> orders;
  private final Path lockFile;
  private final AtomicInteger probes = new AtomicInteger();

  // Mutable state
  private boolean hasHadClients;
  private boolean hasLock;

  private Misbehaving(Path file) throws IOException {
    this.orders = Files.readAllLines(file);
    this.lockFile = file.resolveSibling("lock");
  }

  public static void main(String[] args) throws Exception {
    new Misbehaving(Path.of(args[0])).run(args);
  }

  private void run(String[] args) throws Exception {
    if (orders.contains("exit 7") || orders.contains("exit-in-slot " + slot())) {
      System.err.println("cannot find the database, giving up");
      System.exit(7);
    }
    if (orders.contains("hang")) {
      hang();
    }
    int ports = orders.contains("ports 1") ? 1 : args.length - 1;
    for (int i = 1; i <= ports; i++) {
      serve(Integer.parseInt(args[i]));
      if (orders.contains("hang-after-bind")) {
        hang();
      }
    }
    System.out.println("listening");
  }

  private static String slot() {
    return String.valueOf(System.getenv("BATON_SLOT"));
  }

  private void serve(int port) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    sleepIf(path.equals("/slow"));
    byte[] body =
        ("hello from pid " + ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(path.equals("/health") ? health() : work(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private int health() {
    boolean sick = orders.contains("sick-soon") && probes.incrementAndGet() > 1;
    return sick || orders.contains("health 503") ? SICK : HEALTHY;
  }

  /** Returns the status. */
  private synchronized int work() throws IOException {
    if (!hasHadClients) {
      hasHadClients = true;
      if (orders.contains("complain")) {
        System.out.println("ERROR no price for item 7");
      }
      hasLock = !orders.contains("lock") || lock();
    }
    return hasLock ? 200 : 500;
  }

  /** To the end of the process. */
  private boolean lock() throws IOException {
    return FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE).tryLock()
        != null;
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
