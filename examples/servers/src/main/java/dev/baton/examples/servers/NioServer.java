package dev.baton.examples.servers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One thread with a {@link Selector}: a server without a framework, on TCP or a unix socket. */
public final class NioServer {
  private final Selector selector;
  private final ServerSocketChannel listener;
  private final PriorityQueue<Connection> thinking =
      new PriorityQueue<>((a, b) -> Long.compare(a.answerAt - b.answerAt, 0));
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(16 * 1024);

  private NioServer(Selector selector, ServerSocketChannel listener) {
    this.selector = selector;
    this.listener = listener;
  }

  public static void main(String[] args) throws IOException {
    SocketAddress address = Where.parse(args[0]);
    Selector selector = Selector.open();
    ServerSocketChannel listener = open(address);
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
    System.out.println("listening on " + listener.getLocalAddress());
    new NioServer(selector, listener).run();
  }

  private static ServerSocketChannel open(SocketAddress address) throws IOException {
    if (address instanceof UnixDomainSocketAddress unix) {
      Files.deleteIfExists(unix.getPath()); // as everybody does: a crash may have left it
      return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
    }
    return ServerSocketChannel.open().bind(address);
  }

  /** One client. */
  private static final class Connection {
    private final SelectionKey key;
    private final ByteArrayOutputStream request = new ByteArrayOutputStream();
    private long answerAt;
    private @Nullable ByteBuffer answer;

    private Connection(SelectionKey key) {
      this.key = key;
    }
  }

  private void run() throws IOException {
    while (true) {
      Connection next = thinking.peek();
      long nanos = next == null ? 0 : Math.max(1_000_000, next.answerAt - System.nanoTime());
      selector.select(TimeUnit.NANOSECONDS.toMillis(nanos));
      for (SelectionKey key : selector.selectedKeys()) {
        handle(key);
      }
      selector.selectedKeys().clear();
      while (!thinking.isEmpty() && thinking.peek().answerAt - System.nanoTime() <= 0) {
        Connection ready = thinking.remove();
        handle(ready.key, () -> write(ready));
      }
    }
  }

  /** Something that may find the client gone. */
  private interface Step {
    void run() throws IOException;
  }

  private void handle(SelectionKey key) throws IOException {
    if (!key.isValid()) {
      return;
    }
    if (key.isAcceptable()) {
      acceptAll();
    } else if (key.attachment() instanceof Connection connection) {
      handle(key, () -> proceed(connection));
    }
  }

  private static void handle(SelectionKey key, Step step) {
    try {
      step.run();
    } catch (IOException e) {
      close(key); // the client went away
    }
  }

  private void acceptAll() throws IOException {
    for (SocketChannel client = listener.accept(); client != null; client = listener.accept()) {
      client.configureBlocking(false);
      SelectionKey key = client.register(selector, SelectionKey.OP_READ);
      key.attach(new Connection(key));
    }
  }

  private void proceed(Connection connection) throws IOException {
    if (connection.answer != null) {
      write(connection);
      return;
    }
    SocketChannel client = (SocketChannel) connection.key.channel();
    if (client.read(buffer.clear()) < 0) {
      close(connection.key);
      return;
    }
    byte[] bytes = new byte[buffer.flip().remaining()];
    buffer.get(bytes);
    connection.request.writeBytes(bytes);
    String text = connection.request.toString(StandardCharsets.US_ASCII);
    if (text.contains("\r\n\r\n")) {
      think(connection, Answer.to(text.split(" ", 3)[1]));
    }
  }

  private void think(Connection connection, Answer answer) throws IOException {
    connection.answer = ByteBuffer.wrap(answer.http(true));
    connection.key.interestOps(0);
    if (answer.delayMillis() == 0) {
      write(connection);
    } else {
      connection.answerAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(answer.delayMillis());
      thinking.add(connection);
    }
  }

  private static void write(Connection connection) throws IOException {
    ByteBuffer answer = connection.answer;
    if (answer == null) {
      return;
    }
    ((SocketChannel) connection.key.channel()).write(answer);
    if (answer.hasRemaining()) {
      connection.key.interestOps(SelectionKey.OP_WRITE);
    } else {
      close(connection.key);
    }
  }

  private static void close(SelectionKey key) {
    try {
      key.channel().close();
    } catch (IOException e) {
      // Nothing more can be done for this client.
    }
  }
}
