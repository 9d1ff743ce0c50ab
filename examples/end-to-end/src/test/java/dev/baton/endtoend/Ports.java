package dev.baton.endtoend;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports of this host, as their clients find them. */
final class Ports {
  /** Below those the kernel gives to clients, who would take one before a supervisor binds it. */
  private static final int FIRST = 20_000;

  private static final int LAST = 32_000;

  /** Where another process of tests does not begin. */
  private static final AtomicInteger NEXT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 100 % (LAST - FIRST)));

  private Ports() {}

  /** One that nobody has, and nobody in this process will be given again soon. */
  static int free() throws IOException {
    while (true) {
      int port = FIRST + NEXT.getAndIncrement() % (LAST - FIRST);
      try (ServerSocket any = new ServerSocket(port, 1, InetAddress.getByName("::"))) {
        return any.getLocalPort();
      } catch (BindException e) {
        // The next one.
      }
    }
  }

  /** So many, all different. */
  static List<Integer> free(int howMany) throws IOException {
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < howMany; i++) {
      ports.add(free());
    }
    return ports;
  }

  /** Nobody listens there. */
  static boolean refuses(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return !socket.isConnected();
    } catch (ConnectException e) {
      return true;
    }
  }

  /** What a client is answered there, with 200. */
  static String get(int port, String path) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    HttpURLConnection request = (HttpURLConnection) uri.toURL().openConnection();
    request.setRequestProperty("Connection", "close"); // else it idles, and is waited for
    request.setConnectTimeout(10_000);
    request.setReadTimeout(30_000);
    return new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
