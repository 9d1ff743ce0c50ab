package dev.baton.endtoend;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A connection that one worker is known to have accepted, with half a request on it: the worker
 * cannot be drained before the test sends the other half.
 */
final class HalfRequest implements AutoCloseable {
  private static final String FIRST = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String HALF = "GET / HTTP/1.1\r\nHost: x\r\n";
  private static final String REST = "Connection: close\r\n\r\n";

  private final Socket socket;

  private HalfRequest(Socket socket) {
    this.socket = socket;
  }

  static HalfRequest to(InetSocketAddress address, String answer) throws IOException {
    HalfRequest half = new HalfRequest(new Socket(address.getAddress(), address.getPort()));
    half.send(FIRST);
    StringBuilder read = new StringBuilder();
    while (read.indexOf(answer) < 0) {
      int next = half.socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("cut after " + read);
      }
      read.append((char) next);
    }
    half.send(HALF);
    return half;
  }

  /** Sends the other half and returns the whole answer. */
  String finish() throws IOException {
    send(REST);
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
  }

  private void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
