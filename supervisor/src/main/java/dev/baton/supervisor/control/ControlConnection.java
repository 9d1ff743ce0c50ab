package dev.baton.supervisor.control;

import dev.baton.protocol.Frame;
import dev.baton.protocol.Message;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Messages without descriptors between a command and its supervisor. On the JDK's own channels, so
 * that a command starts without loading a native library. One thread at a time.
 */
public final class ControlConnection implements Closeable {
  private final SocketChannel channel;

  ControlConnection(SocketChannel channel) {
    this.channel = channel;
  }

  /** Connects to the supervisor of that control socket. */
  public static ControlConnection connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      return new ControlConnection(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Who is at the other end, by the kernel's word; empty if it does not tell. */
  String user() {
    try {
      return channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  public void send(Message message) throws IOException {
    ByteBuffer frame = ByteBuffer.wrap(Frame.encode(message));
    while (frame.hasRemaining()) {
      channel.write(frame);
    }
  }

  /** Waits for the next message; null when the peer has closed between two. */
  public @Nullable Message receive() throws IOException {
    ByteBuffer header = ByteBuffer.allocate(Frame.HEADER_BYTES);
    if (channel.read(header) < 0) {
      return null;
    }
    fill(header);
    ByteBuffer text = ByteBuffer.allocate(Frame.textBytes(header.array()));
    fill(text);
    return Frame.decode(text.array());
  }

  private void fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("connection closed in the middle of a frame");
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
