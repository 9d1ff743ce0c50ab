package dev.baton.supervisor.process;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.Gate;
import dev.baton.supervisor.resource.AcceptQueues;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tries the gate of one worker, once, on its private faces. Blocks: never on the loop. */
public final class Prober {
  private static final int TIMEOUT_MILLIS = 1000;
  private static final long LOOK_AGAIN_NANOS = 2_000_000;
  private static final int MOST_BYTES = 64 * 1024;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})\\b.*");

  private Prober() {}

  /**
   * What a probe found.
   *
   * @param detail one phrase for the operator, such as {@code /health answered 503}
   */
  public record Result(boolean passed, String detail) {}

  /** Asks the worker behind these private addresses, given by the listener they stand for. */
  public static Result probe(ImmutableList<Gate> gates, Map<Address, SocketAddress> faces) {
    Result last = new Result(true, "no probe asked for");
    for (Gate gate : gates) {
      last = probe(gate, faces);
      if (!last.passed()) {
        return last;
      }
    }
    return last;
  }

  private static Result probe(Gate gate, Map<Address, SocketAddress> faces) {
    return gate instanceof Gate.Http http ? http(http, faces) : accepts(faces);
  }

  private static Result accepts(Map<Address, SocketAddress> faces) {
    for (Map.Entry<Address, SocketAddress> face : faces.entrySet()) {
      if (face.getKey().isStream()) {
        String problem = whyNotAccepted(face.getValue());
        if (!problem.isEmpty()) {
          return new Result(false, face.getKey() + " " + problem);
        }
      }
    }
    return new Result(true, "accepts connections");
  }

  private static String whyNotAccepted(SocketAddress face) {
    try {
      Closeable connection = connect(face);
      try {
        return isTaken(face) ? "" : "does not accept connections";
      } finally {
        connection.close();
      }
    } catch (IOException e) {
      return "cannot be connected: " + e.getMessage();
    }
  }

  /** The kernel completes connections; only an empty queue says that the worker took ours. */
  private static boolean isTaken(SocketAddress face) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS);
    while (AcceptQueues.read().length(face) > 0) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS); // nobody tells when a queue gets empty
    }
    return true;
  }

  private static Closeable connect(SocketAddress face) throws IOException {
    if (face instanceof UnixDomainSocketAddress) {
      return SocketChannel.open(face);
    }
    Socket socket = new Socket();
    try {
      socket.connect(face, TIMEOUT_MILLIS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static Result http(Gate.Http probe, Map<Address, SocketAddress> faces) {
    for (Map.Entry<Address, SocketAddress> face : faces.entrySet()) {
      boolean wanted = probe.port() == 0 || probe.port() == face.getKey().port();
      if (wanted && face.getKey().kind() == Address.Kind.TCP) {
        return get(probe.path(), (InetSocketAddress) face.getValue());
      }
    }
    String which = probe.port() == 0 ? "no tcp port" : "nothing on port " + probe.port();
    return new Result(false, "it listens on " + which + " that " + probe + " could ask");
  }

  private static Result get(String path, InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(address, TIMEOUT_MILLIS);
      String request =
          "GET "
              + path
              + " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: baton-probe\r\n"
              + "Connection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = readToItsEnd(socket);
      String text = new String(answer, StandardCharsets.ISO_8859_1);
      Matcher status = STATUS.matcher(text.lines().findFirst().orElse(""));
      if (!status.matches()) {
        return new Result(false, path + " answered with something that is not HTTP");
      }
      int code = Integer.parseInt(status.group(1));
      return new Result(code >= 200 && code < 400, path + " answered " + code);
    } catch (IOException e) {
      return new Result(false, path + " did not answer: " + e.getMessage());
    }
  }

  /** A server whose answer is cut short would note an error in its log. */
  private static byte[] readToItsEnd(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    byte[] buffer = new byte[8 * 1024];
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS);
    for (int n = in.read(buffer); n >= 0 && answer.size() < MOST_BYTES; n = in.read(buffer)) {
      answer.write(buffer, 0, n);
      if (System.nanoTime() - end >= 0) {
        throw new SocketTimeoutException("no end of it in " + TIMEOUT_MILLIS + " ms");
      }
    }
    return answer.toByteArray();
  }
}
