package dev.baton.supervisor.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what a server answers to one request, to its end, as far as that end is near. The messages
 * of its exceptions complete "it answered with".
 */
final class HttpAnswer {
  /** As much of the body as patterns are looked for in. */
  static final int KEPT_BODY_BYTES = 64 * 1024;

  /**
   * A server whose answer is cut short would note an error in its log, so what is not kept is read
   * too; but not without end.
   */
  private static final int MOST_BODY_BYTES = 1024 * 1024;

  /** All that precedes the body together, interim answers included. */
  private static final int MOST_HEAD_BYTES = 64 * 1024;

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})\\b.*");
  private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,8})\\s*(?:;.*)?");
  private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

  private final InputStream in;
  private final int keptBytes;
  private final long mostBodyBytes;

  // Mutable state
  private final Map<String, String> headers = new HashMap<>();
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private int status;
  private int headBytes;
  private long bodyBytes;
  private boolean isWhole = true;

  private HttpAnswer(InputStream in, int keptBytes, long mostBodyBytes) {
    this.in = in;
    this.keptBytes = keptBytes;
    this.mostBodyBytes = mostBodyBytes;
  }

  /**
   * Reads an answer.
   *
   * @param in buffered: it is read byte by byte
   * @param method of the request
   */
  static HttpAnswer read(InputStream in, String method) throws IOException {
    return read(new HttpAnswer(in, KEPT_BODY_BYTES, MOST_BODY_BYTES), method);
  }

  /** The same, but to its end however far that is, and without keeping its body. */
  static HttpAnswer readWhole(InputStream in, String method) throws IOException {
    return read(new HttpAnswer(in, 0, Long.MAX_VALUE), method);
  }

  private static HttpAnswer read(HttpAnswer answer, String method) throws IOException {
    answer.readHead();
    while (answer.isInterim()) {
      answer.readHead();
    }
    if (answer.hasBody(method)) {
      answer.readBody();
    }
    return answer;
  }

  int status() {
    return status;
  }

  /** Whether another request may follow on its connection. */
  boolean mayBeFollowed() {
    String connection = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
    return isWhole && !connection.contains("close") && status != 101;
  }

  /** The beginning of the body, decoded. */
  String body() {
    String type = headers.getOrDefault("content-type", "").toLowerCase(Locale.ROOT);
    Charset charset =
        type.contains("8859-1") ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
    return kept.toString(charset);
  }

  /** Such as 100 and 103: the answer proper follows. After 101 no HTTP does. */
  private boolean isInterim() {
    return status < 200 && status != 101;
  }

  private boolean hasBody(String method) {
    return !method.equals("HEAD") && status >= 200 && status != 204 && status != 304;
  }

  private void readHead() throws IOException {
    headers.clear();
    String first = line();
    Matcher matcher = STATUS.matcher(first);
    if (!matcher.matches()) {
      // 21 is the alert with which TLS answers to whoever does not speak it.
      boolean isAlert = first.startsWith("\u0015");
      throw new ProtocolException(isAlert ? "TLS, so ask by https" : "something that is not HTTP");
    }
    isWhole = first.startsWith("HTTP/1.1 ");
    status = Integer.parseInt(matcher.group(1));
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        String name = line.substring(0, colon).trim().toLowerCase(Locale.ROOT);
        headers.put(name, line.substring(colon + 1).trim());
      }
    }
  }

  /** The next line of a head. */
  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (++headBytes > MOST_HEAD_BYTES) {
        throw new ProtocolException("a head of more than " + MOST_HEAD_BYTES + " bytes");
      }
      if (next < 0) {
        if (headers.isEmpty() && status == 0) {
          return line.toString(); // a first line that is not HTTP is worth a look
        }
        throw new ProtocolException("an answer that was cut short");
      }
      line.append((char) next);
    }
    int length = line.length();
    return length > 0 && line.charAt(length - 1) == '\r'
        ? line.substring(0, length - 1)
        : line.toString();
  }

  private void readBody() throws IOException {
    String length = headers.get("content-length");
    String encoding = headers.getOrDefault("transfer-encoding", "").toLowerCase(Locale.ROOT);
    if (encoding.endsWith("chunked")) {
      readChunks();
    } else if (length == null) {
      readTo(Long.MAX_VALUE, false);
      isWhole = false; // its end is that of the connection
    } else if (LENGTH.matcher(length).matches()) {
      readTo(Long.parseLong(length), true);
    } else {
      throw new ProtocolException("the length '" + length + "'");
    }
  }

  private void readChunks() throws IOException {
    long size = chunkSize();
    while (size > 0 && readTo(size, true)) {
      if (!line().isEmpty()) {
        throw new ProtocolException("a chunk that is longer than it says");
      }
      size = chunkSize();
    }
    while (size == 0 && !line().isEmpty()) {
      // trailers: nobody asked for them
    }
  }

  private long chunkSize() throws IOException {
    headBytes = 0; // the number of chunks is bounded by that of their bytes
    Matcher matcher = CHUNK.matcher(line());
    if (!matcher.matches()) {
      throw new ProtocolException("a chunk that does not say its size");
    }
    return Long.parseLong(matcher.group(1), 16);
  }

  /** Reads a part of the body; false when it is more than is worth reading. */
  private boolean readTo(long length, boolean exactly) throws IOException {
    byte[] buffer = new byte[4 * 1024];
    long left = length;
    while (left > 0 && bodyBytes < mostBodyBytes) {
      int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (n < 0) {
        if (exactly) {
          throw new ProtocolException("an answer that was cut short");
        }
        return true;
      }
      kept.write(buffer, 0, Math.min(n, keptBytes - kept.size()));
      bodyBytes += n;
      left -= n;
    }
    isWhole &= left == 0;
    return left == 0;
  }
}
