package dev.baton.examples.benchmarks;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Callable;

/** One client that asks again as soon as it is answered, on one connection as long as it may. */
final class ClosedLoop implements Callable<Integer> {
  private static final int TIMEOUT_MILLIS = 30_000;
  private static final String LENGTH = "content-length: ";

  private final int port;
  private final byte[] request;
  private final long endNanos;

  /**
   * @param endNanos of {@link System#nanoTime()}, when it ends
   */
  ClosedLoop(int port, String path, long endNanos) {
    this.port = port;
    this.request =
        ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    this.endNanos = endNanos;
  }

  /** Returns how many answers it got; all of them good ones. */
  @Override
  public Integer call() throws IOException {
    int answered = 0;
    while (System.nanoTime() - endNanos < 0) {
      answered += onOneConnection();
    }
    return answered;
  }

  private int onOneConnection() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        InputStream in = new BufferedInputStream(socket.getInputStream())) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
      int answered = 0;
      boolean goesOn = true;
      while (goesOn && System.nanoTime() - endNanos < 0) {
        socket.getOutputStream().write(request);
        goesOn = readAnswer(in);
        answered++;
      }
      return answered;
    }
  }

  /** Whether the server takes more requests on this connection. */
  private static boolean readAnswer(InputStream in) throws IOException {
    String status = line(in);
    int length = -1;
    boolean goesOn = true;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      String lower = header.toLowerCase(Locale.ROOT);
      goesOn &= !lower.equals("connection: close");
      if (lower.startsWith(LENGTH)) {
        length = Integer.parseInt(lower.substring(LENGTH.length()));
      }
    }
    if (!status.startsWith("HTTP/1.1 200") || length < 0) {
      throw new IOException("unexpected answer: " + status);
    }
    in.skipNBytes(length);
    return goesOn;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection has ended");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
