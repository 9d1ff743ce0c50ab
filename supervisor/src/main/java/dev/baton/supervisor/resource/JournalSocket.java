package dev.baton.supervisor.resource;

import dev.baton.channel.Redirects;
import dev.baton.jdk.Descriptors;
import java.io.Closeable;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A stream into the system journal: what is written to it becomes its entries, line by line. */
public final class JournalSocket implements Closeable {
  /** Where the journal of systemd listens. */
  public static final Path SYSTEM = Path.of("/run/systemd/journal/stdout");

  private static final String SILENT = "it does not answer";

  private static final int INFO = 6;
  private static final int ERROR = 3;

  private final SocketChannel socket;

  private JournalSocket(SocketChannel socket) {
    this.socket = socket;
  }

  /**
   * Connects; one stream for each worker and each of its outputs.
   *
   * @param path {@link #SYSTEM}
   * @param identifier what {@code journalctl -t} finds the lines by
   * @param isError whether they are entries of priority {@code err}, else {@code info}
   */
  public static JournalSocket connect(Path path, String identifier, boolean isError)
      throws ResourceException {
    try {
      SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        // A journal that hangs must not hold us; the child that writes later may well wait.
        socket.configureBlocking(false);
        if (!socket.connect(UnixDomainSocketAddress.of(path))) {
          throw refused(path, SILENT, null);
        }
        socket.configureBlocking(true);
        socket.write(header(identifier, isError ? ERROR : INFO));
        return new JournalSocket(socket);
      } catch (IOException | RuntimeException e) {
        Closing.after(e, socket);
        throw e;
      }
    } catch (ResourceException e) {
      throw e;
    } catch (IOException e) {
      String text = String.valueOf(e.getMessage());
      throw refused(path, text.contains("temporarily") ? SILENT : text, e);
    }
  }

  private static ResourceException refused(Path path, String why, @Nullable Throwable cause) {
    return new ResourceException(
        "ENOTCONN",
        "no system journal at "
            + path
            + ": "
            + why
            + "; start systemd-journald, or let the output go to \"file\" or \"inherit\"",
        cause);
  }

  /**
   * As {@code sd_journal_stream_fd} writes it: identifier, unit, priority, whether lines begin with
   * a priority of their own, and whether they go on to syslog, to the kernel's log, to the console.
   */
  private static ByteBuffer header(String identifier, int priority) {
    String header = identifier + "\n\n" + priority + "\n0\n0\n0\n0\n";
    return ByteBuffer.wrap(header.getBytes(StandardCharsets.UTF_8));
  }

  /** For the stdout or stderr of a child, but not for both; see {@link Redirects#of}. */
  public Redirect redirect() throws IOException {
    return Redirects.of(Descriptors.of(socket));
  }

  /** Drops our descriptor; the stream ends with the last one. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
