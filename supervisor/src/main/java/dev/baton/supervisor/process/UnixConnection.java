package dev.baton.supervisor.process;

import dev.baton.supervisor.resource.AcceptQueues;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** A connection to a unix socket with a deadline, which the JDK has only for tcp. */
final class UnixConnection implements Closeable {
  private final SocketChannel channel;
  private final Selector selector;
  private final Deadline deadline;

  private UnixConnection(SocketChannel channel, Selector selector, Deadline deadline) {
    this.channel = channel;
    this.selector = selector;
    this.deadline = deadline;
  }

  static UnixConnection open(UnixDomainSocketAddress address, Deadline deadline)
      throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    Selector selector = null;
    try {
      channel.configureBlocking(false);
      connect(channel, address);
      selector = Selector.open();
      channel.register(selector, 0);
      return new UnixConnection(channel, selector, deadline);
    } catch (IOException | RuntimeException e) {
      channel.close();
      if (selector != null) {
        selector.close();
      }
      throw e;
    }
  }

  /** At once or not at all: nothing would tell when there is room in a full queue. */
  private static void connect(SocketChannel channel, UnixDomainSocketAddress address)
      throws IOException {
    try {
      if (channel.connect(address)) {
        return;
      }
    } catch (SocketException e) {
      if (AcceptQueues.read().length(address) == 0) {
        throw e;
      }
      // EAGAIN, of which only the text would tell
    }
    throw new ConnectException("its accept queue is full");
  }

  private void await(int operation) throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.interestOps(operation);
    }
    selector.select(deadline.millisLeft());
    selector.selectedKeys().clear();
  }

  InputStream in() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
        int n = channel.read(buffer);
        while (n == 0 && length > 0) {
          await(SelectionKey.OP_READ);
          n = channel.read(buffer);
        }
        return n;
      }
    };
  }

  OutputStream out() {
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
        channel.write(buffer);
        while (buffer.hasRemaining()) {
          await(SelectionKey.OP_WRITE);
          channel.write(buffer);
        }
      }
    };
  }

  @Override
  public void close() throws IOException {
    // The channel first: its key holds the descriptor until the selector has let go of it.
    try {
      channel.close();
    } finally {
      selector.close();
    }
  }
}
