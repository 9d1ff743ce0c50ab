package dev.baton.channel;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** A named unix socket that accepts {@link Connection}s. */
public final class Endpoint implements Closeable {
  /** {@code sizeof(sockaddr_un.sun_path)} on Linux, the closing zero byte included. */
  public static final int MAX_PATH_BYTES = 108;

  private final AFUNIXServerSocket server;
  private final Path path;
  private final Object accepting = new Object();
  private volatile boolean closed;

  private Endpoint(AFUNIXServerSocket server, Path path) {
    this.server = server;
    this.path = path;
  }

  /** Creates the socket. The path must be free, and short enough for the kernel. */
  public static Endpoint listen(Path path) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      // junixsocket would replace whatever is there, be it a precious file.
      throw new FileAlreadyExistsException(path.toString());
    }
    AFUNIXServerSocket server = AFUNIXServerSocket.newInstance();
    try {
      server.setReuseAddress(false); // else it takes the path away from a live listener
      server.bind(AFUNIXSocketAddress.of(path));
      return new Endpoint(server, path);
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /**
   * Loads what a connection needs: a hundred and fifty classes and a library, tens of milliseconds.
   * Better done on another thread while the application starts.
   */
  public static void prepare() throws IOException {
    AFUNIXSocket.newInstance().close();
  }

  /**
   * Blocks until somebody connects. One thread at a time.
   *
   * @throws ClosedChannelException when this is closed, before or meanwhile
   */
  public Connection accept() throws IOException {
    synchronized (accepting) {
      Connection connection;
      try {
        connection = new Connection(server.accept());
      } catch (IOException e) {
        throw closed ? new ClosedChannelException() : e;
      }
      if (closed) {
        connection.close(); // it was made to wake us
        throw new ClosedChannelException();
      }
      return connection;
    }
  }

  /** Connects to the endpoint at the path. */
  public static Connection connect(Path path) throws IOException {
    return new Connection(AFUNIXSocket.connectTo(AFUNIXSocketAddress.of(path)));
  }

  /** Closes the socket and removes its path. A thread in {@link #accept} gets an exception. */
  @Override
  public void close() throws IOException {
    closed = true;
    if (isAcceptOver()) {
      synchronized (accepting) {
        server.close();
      }
    } else {
      server.close();
    }
    Files.deleteIfExists(path);
  }

  /**
   * Wakes the thread in accept by a connection. When it is closed under one, junixsocket does so
   * itself and never closes what it did it with. Returns false when there is no way to.
   */
  private boolean isAcceptOver() {
    try (SocketChannel wake = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      wake.configureBlocking(false); // a full queue must not hold us
      return wake.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      return false;
    }
  }
}
