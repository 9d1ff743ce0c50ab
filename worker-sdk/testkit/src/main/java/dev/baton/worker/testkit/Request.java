package dev.baton.worker.testkit;

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
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A request, and the connection it is on. Never blocks. */
final class Request {
  private static final Pattern HEAD =
      Pattern.compile(
          "HTTP/1\\.1 (?<status>\\d{3})[^\\r\\n]*\\r\\n(?<headers>.*?)\\r\\n\\r\\n",
          Pattern.DOTALL);
  private static final Pattern LENGTH =
      Pattern.compile(
          "^content-length:\\s*(\\d+)\\s*$", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

  private static final Pattern CLOSES =
      Pattern.compile("^connection:\\s*close\\s*$", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

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
  private @Nullable SelectionKey key;
  private boolean keepsAlive;
  private Step step = Step.CONNECT;
  private boolean done;

  /**
   * Not sent yet.
   *
   * @param keepsAlive whether another one may follow on its connection
   */
  Request(long dueAt, String phase, String path, boolean keepsAlive, Report.Builder report) {
    this.dueAt = dueAt;
    this.phase = phase;
    this.keepsAlive = keepsAlive;
    this.report = report;
    String last = keepsAlive ? "" : "Connection: close\r\n";
    this.request =
        ByteBuffer.wrap(
            ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + last + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
  }

  long dueAt() {
    return dueAt;
  }

  boolean isDone() {
    return done;
  }

  /** On a connection of its own. */
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
      SelectionKey registered = opened.register(selector, SelectionKey.OP_CONNECT, this);
      key = registered;
      if (connected) {
        write(registered, opened);
      }
    } catch (IOException e) {
      fail(Failure.of(e), e);
    }
  }

  /** On the connection that one leaves. */
  void follow(Request before) {
    report.started();
    channel = before.channel;
    SelectionKey taken = Objects.requireNonNull(before.key);
    key = taken;
    taken.attach(this);
    try {
      write(taken, (SocketChannel) taken.channel());
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
    String text = answer.toString(StandardCharsets.ISO_8859_1);
    if (n < 0) {
      keepsAlive = false;
      check(text);
    } else if (keepsAlive && isComplete(text)) {
      check(text);
    }
  }

  /** Whether all is there and the server will read another request. */
  private static boolean isComplete(String text) {
    Matcher head = HEAD.matcher(text);
    if (!head.lookingAt() || CLOSES.matcher(head.group("headers")).find()) {
      return false;
    }
    Matcher length = LENGTH.matcher(head.group("headers"));
    return length.find() && text.length() - head.end() >= Integer.parseInt(length.group(1));
  }

  /** No more will come: is everything there, and nothing else? */
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
      succeed(body);
    }
  }

  private void succeed(String body) {
    done = true;
    if (!keepsAlive) {
      close();
    }
    report.succeeded(phase, System.nanoTime() - dueAt, body);
  }

  /** Whether it is answered, and another one may follow. */
  boolean leavesConnection() {
    return done && keepsAlive;
  }

  void timeOut() {
    fail(Failure.TIMEOUT, "after " + answer.size() + " bytes");
  }

  private void fail(Failure kind, IOException e) {
    fail(kind, e.toString());
  }

  private void fail(Failure kind, String words) {
    done = true;
    keepsAlive = false;
    close();
    long millis = (System.nanoTime() - dueAt) / 1_000_000;
    report.failed(kind, "in " + step + " after " + millis + " ms: " + words);
  }

  void close() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // The outcome is known.
    }
  }
}
