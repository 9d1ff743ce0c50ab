package dev.baton.examples.benchmarks;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What is compared with: the same application, started by nobody but us. */
final class BareStart {
  private BareStart() {}

  /** From the launch of {@code java} to its first answer. */
  static double millis(List<String> command, int port) throws Exception {
    long start = System.nanoTime();
    Process process = begin(command);
    try {
      await(port);
      return (System.nanoTime() - start) / 1e6;
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  /** Starts it; nobody hears what it says. */
  static Process begin(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectOutput(Redirect.DISCARD)
        .redirectError(Redirect.DISCARD)
        .start();
  }

  /** Asks until there is an answer. */
  static void await(int port) throws InterruptedException {
    while (!ask(port).startsWith("HTTP/1.1 200")) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  /** The answer; empty when nobody listens. */
  static String ask(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request = "GET /?page=1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
