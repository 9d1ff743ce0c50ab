package dev.baton.examples.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One connection with one request on it. Never blocks. */
final class Request {
  private static final Pattern HEAD =
      Pattern.compile(
          "HTTP/1\\.1 (?<status>\\d{3})[^\\r\\n]*\\r\\n(?<headers>.*?)\\r\\n\\r\\n",
          Pattern.DOTALL);
  private static final Pattern LENGTH =
      Pattern.compile(
          "^content-length:\\s*(\\d+)\\s*$", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

  /** Where it is; the word for it in the report. */
  private enum Step {
    CONNECT,
    WRITE,
    READ
  }

  private final long dueAt;
  private final String phase;
  private final Report.Builder report;
  private final ByteBuffer request;
  private final ByteArrayOutputStream answer = new ByteArrayOutputStream();

  // Mutable state
  private @Nullable SocketChannel channel;
  private Step step = Step.CONNECT;
  private boolean done;

  Request(long dueAt, String phase, byte[] request, Report.Builder report) {
    this.dueAt = dueAt;
    this.phase = phase;
    this.request = ByteBuffer.wrap(request);
    this.report = report;
  }

  long dueAt() {
    return dueAt;
  }

  boolean isDone() {
    return done;
  }

  void start(SocketAddress target, Selector selector) {
    report.started();
    try {
      SocketChannel opened =
          target instanceof UnixDomainSocketAddress
              ? SocketChannel.open(StandardProtocolFamily.UNIX)
              : SocketChannel.open();
      channel = opened;
      opened.configureBlocking(false);
      boolean connected = opened.connect(target);
      SelectionKey key = opened.register(selector, SelectionKey.OP_CONNECT, this);
      if (connected) {
        write(key, opened);
      }
    } catch (IOException e) {
      fail(Failure.of(e), e);
    }
  }

  /** Goes on as far as the socket allows. */
  void proceed(SelectionKey key, ByteBuffer buffer) {
    SocketChannel connection = (SocketChannel) key.channel();
    try {
      switch (step) {
        case CONNECT -> {
          if (connection.finishConnect()) {
            write(key, connection);
          }
        }
        case WRITE -> write(key, connection);
        case READ -> read(connection, buffer);
      }
    } catch (IOException e) {
      fail(Failure.of(e), e);
    }
  }

  private void write(SelectionKey key, SocketChannel connection) throws IOException {
    step = Step.WRITE;
    connection.write(request);
    if (request.hasRemaining()) {
      key.interestOps(SelectionKey.OP_WRITE);
    } else {
      step = Step.READ;
      key.interestOps(SelectionKey.OP_READ);
    }
  }

  private void read(SocketChannel connection, ByteBuffer buffer) throws IOException {
    int n = connection.read(buffer.clear());
    while (n > 0) {
      byte[] bytes = new byte[n];
      buffer.flip().get(bytes);
      answer.writeBytes(bytes);
      n = connection.read(buffer.clear());
    }
    if (n < 0) {
      check(answer.toString(StandardCharsets.ISO_8859_1));
    }
  }

  /** The peer has closed: is everything there, and nothing else? */
  private void check(String text) {
    Matcher head = HEAD.matcher(text);
    if (!head.lookingAt()) {
      fail(text.startsWith("HTTP/") || text.isEmpty() ? Failure.CUT : Failure.BAD_ANSWER, text);
      return;
    }
    Matcher length = LENGTH.matcher(head.group("headers"));
    String body = text.substring(head.end());
    if (!length.find()) {
      fail(Failure.BAD_ANSWER, "no content-length in " + text);
    } else if (body.length() < Integer.parseInt(length.group(1))) {
      fail(Failure.CUT, text);
    } else if (body.length() > Integer.parseInt(length.group(1))) {
      fail(Failure.BAD_ANSWER, "more than content-length in " + text);
    } else if (!head.group("status").equals("200")) {
      fail(Failure.BAD_STATUS, text);
    } else {
      close();
      report.succeeded(phase, System.nanoTime() - dueAt, body);
    }
  }

  void timeOut() {
    fail(Failure.TIMEOUT, "after " + answer.size() + " bytes");
  }

  private void fail(Failure kind, IOException e) {
    fail(kind, e.toString());
  }

  private void fail(Failure kind, String words) {
    close();
    long millis = (System.nanoTime() - dueAt) / 1_000_000;
    report.failed(kind, "in " + step + " after " + millis + " ms: " + words);
  }

  private void close() {
    done = true;
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // The outcome is known.
    }
  }
}
