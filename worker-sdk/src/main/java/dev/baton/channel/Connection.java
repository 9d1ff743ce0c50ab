package dev.baton.channel;

import dev.baton.jdk.Descriptors;
import dev.baton.protocol.Frame;
import dev.baton.protocol.Message;
import dev.baton.protocol.ProtocolException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXSocket;

/**
 * One end of a unix stream connection over which messages travel, some of them with descriptors.
 *
 * <p>Blocking: one thread may be in {@link #receive}, others may {@link #send}. It is blocking on
 * purpose: on a non-blocking socket junixsocket drops the descriptors of a write that meets a full
 * buffer. Sending does not block in practice because neither side leaves more than a few small
 * frames unanswered.
 */
public final class Connection implements Closeable {
  /**
   * More than junixsocket can receive in one message (60), so that the limit never hides a fault.
   */
  private static final int ANCILLARY_BYTES = 512;

  private final AFUNIXSocket socket;
  private final @Nullable FileDescriptor descriptor;
  private final Object sending = new Object();
  private final Object closing = new Object();

  Connection(AFUNIXSocket socket) {
    this(socket, null);
  }

  /**
   * Of a descriptor that was cast.
   *
   * @param descriptor what is to be closed with the connection: junixsocket does not
   */
  Connection(AFUNIXSocket socket, @Nullable FileDescriptor descriptor) {
    this.descriptor = descriptor;
    // The buffer is 0 until set; a descriptor that arrives before would be lost.
    socket.setAncillaryReceiveBufferSize(ANCILLARY_BYTES);
    this.socket = socket;
  }

  /** What {@link #receive} returns: a message and the descriptors that came with it. */
  public record Received(Message message, List<FileDescriptor> descriptors) {
    /**
     * Closes every descriptor that came along. A message that is refused must not leave any behind.
     */
    public void closeDescriptors() {
      for (FileDescriptor descriptor : descriptors) {
        Descriptors.close(descriptor);
      }
    }

    /**
     * The same message with duplicates of its descriptors, for whoever keeps them: the connection
     * closes those it received when it closes, and another thread may have just read a number that
     * then means something else. Those received are closed, even when this throws.
     */
    public Received owned() throws IOException {
      if (descriptors.isEmpty()) {
        return this;
      }
      List<FileDescriptor> duplicates = new ArrayList<>();
      Received owned = new Received(message, duplicates);
      try {
        for (FileDescriptor descriptor : descriptors) {
          duplicates.add(Descriptors.of(Descriptors.duplicate(Descriptors.number(descriptor))));
        }
        return owned;
      } catch (IOException e) {
        owned.closeDescriptors();
        throw e;
      } finally {
        closeDescriptors();
      }
    }
  }

  /** Sends the message; the descriptors stay the caller's. Any thread; one frame at a time. */
  public void send(Message message, FileDescriptor... descriptors) throws IOException {
    byte[] frame = Frame.encode(message);
    synchronized (sending) {
      if (descriptors.length > 0) {
        socket.setOutboundFileDescriptors(descriptors);
      }
      socket.getOutputStream().write(frame);
      socket.getOutputStream().flush();
    }
  }

  /**
   * Waits for the next message. The descriptors are the caller's to close, but close with this
   * connection at the latest: whoever wants to keep one duplicates it at once.
   *
   * @return null when the peer has closed its end between two messages
   * @throws ProtocolException when the peer sent nonsense; the connection is of no further use
   */
  public @Nullable Received receive() throws IOException {
    // Reading the header alone makes the kernel deliver the descriptors of this frame, and no
    // other.
    byte[] header = read(Frame.HEADER_BYTES, true);
    if (header == null) {
      return null;
    }
    byte[] text = read(Frame.textBytes(header), false);
    List<FileDescriptor> descriptors = takeDescriptors();
    try {
      return new Received(Frame.decode(text), descriptors);
    } catch (ProtocolException e) {
      descriptors.forEach(Descriptors::close);
      throw e;
    }
  }

  /** The process at the other end, as the kernel recorded it when the connection was made. */
  public Peer peer() throws IOException {
    var credentials = socket.getPeerCredentials();
    return new Peer(credentials.getPid(), credentials.getUid());
  }

  /** Closes the connection, and every received descriptor that has not been closed before. */
  @Override
  public void close() throws IOException {
    synchronized (closing) {
      FileDescriptor cast = descriptor;
      if (cast == null) {
        socket.close();
      } else if (cast.valid()) {
        endReading();
        try {
          socket.close();
        } finally {
          Descriptors.close(cast);
        }
      }
    }
  }

  /** Wakes the thread in {@link #receive}, which a mere close would leave there. */
  private void endReading() {
    try {
      socket.shutdownInput();
      socket.shutdownOutput();
    } catch (IOException e) {
      // The peer was faster.
    }
  }

  @SuppressWarnings("NullAway") // null only where the caller asked for it
  private byte[] read(int length, boolean endAllowed) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] bytes = new byte[length];
    int filled = 0;
    while (filled < length) {
      int n = in.read(bytes, filled, length - filled);
      if (n < 0) {
        if (endAllowed && filled == 0) {
          return null;
        }
        throw new EOFException("connection closed in the middle of a frame");
      }
      filled += n;
    }
    return bytes;
  }

  private List<FileDescriptor> takeDescriptors() throws IOException {
    List<FileDescriptor> taken = new ArrayList<>();
    FileDescriptor[] received = socket.getReceivedFileDescriptors();
    if (received != null) {
      Collections.addAll(taken, received);
    }
    return taken;
  }
}
