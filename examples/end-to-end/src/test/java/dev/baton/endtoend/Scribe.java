package dev.baton.endtoend;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.baton.worker.Worker;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A server that writes a lot. From its start on it writes numbered lines to stdout and to the log
 * {@code access}, as fast as it can, and does not end before all are written. Asked for {@code
 * /write/N}, it writes so many more to stdout, and answers how many nanoseconds that took; {@code
 * /crash} ends it as a fault in native code would; {@code /throw} with an exception.
 *
 * <p>Arguments: port, number of lines.
 */
final class Scribe {
  private static final String PAYLOAD = "The quick brown fox jumps over the lazy dog, again.";

  private Scribe() {}

  static List<String> command(int port, int lines, String... options) {
    List<String> command = new java.util.ArrayList<>(List.of(Machine.java(), "-Xmx64m"));
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:-CreateCoredumpOnCrash"));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", Application.classes(), Scribe.class.getName()));
    command.addAll(List.of(Integer.toString(port), Integer.toString(lines)));
    return command;
  }

  /** The line of that number. */
  private static String line(String stream, long pid, int number) {
    return stream + " " + pid + " " + number + " " + PAYLOAD;
  }

  public static void main(String[] args) throws Exception {
    int lines = Integer.parseInt(args[1]);
    long pid = ProcessHandle.current().pid();
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 0);
    server.createContext("/", Scribe::handle);
    Thread out = new Thread(() -> print(lines, pid));
    Thread access = new Thread(() -> log(lines, pid));
    if (lines > 0) {
      out.start();
      access.start();
    }
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    out.join();
                    access.join();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
    server.start();
  }

  private static void print(int lines, long pid) {
    for (int i = 1; i <= lines; i++) {
      System.out.println(line("out", pid, i));
    }
  }

  private static void log(int lines, long pid) {
    try {
      OutputStream access = Worker.attach().logFile("access").stream();
      for (int i = 1; i <= lines; i++) {
        access.write((line("access", pid, i) + "\n").getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String answer = "";
    if (path.startsWith("/write/")) {
      answer = Long.toString(write(Integer.parseInt(path.substring("/write/".length()))));
    } else if (path.equals("/crash")) {
      crash();
    } else if (path.equals("/throw")) {
      new Thread(
              () -> {
                throw new IllegalStateException("what nobody expected");
              },
              "careless")
          .start();
    }
    byte[] body = answer.getBytes(StandardCharsets.US_ASCII);
    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static long write(int lines) {
    PrintStream out = System.out;
    long start = System.nanoTime();
    for (int i = 0; i < lines; i++) {
      out.println(PAYLOAD);
    }
    return System.nanoTime() - start;
  }

  /** Writes where no memory is. */
  private static void crash() {
    try {
      Field field = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
      field.setAccessible(true);
      Object unsafe = field.get(null);
      unsafe.getClass().getMethod("putAddress", long.class, long.class).invoke(unsafe, 0L, 0L);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
