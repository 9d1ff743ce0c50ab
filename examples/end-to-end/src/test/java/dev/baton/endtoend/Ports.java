package dev.baton.endtoend;

import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Ports of this host, as their clients find them. */
final class Ports {
  private Ports() {}

  /** So many, all different: they are held together before any is let go. */
  static List<Integer> free(int howMany) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < howMany; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.getByName("::")));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket one : held) {
        one.close();
      }
    }
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
