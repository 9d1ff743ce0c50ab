package dev.baton.channel;

import dev.baton.jdk.Descriptors;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.FileDescriptorCast;

/** A named unix socket that accepts {@link Connection}s. */
public final class Endpoint implements Closeable {
  /** {@code sizeof(sockaddr_un.sun_path)} on Linux, the closing zero byte included. */
  public static final int MAX_PATH_BYTES = 108;

  /** Hundreds of workers may come back at once. */
  private static final int BACKLOG = 1024;

  private final ServerSocketChannel server;
  private volatile Path path;

  private Endpoint(ServerSocketChannel server, Path path) {
    this.server = server;
    this.path = path;
  }

  /**
   * Creates the socket. The path must be free, and short enough for the kernel.
   *
   * <p>The listening socket is the JDK's: one of junixsocket's refuses to go on when its path is
   * renamed.
   */
  public static Endpoint listen(Path path) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(path.toString());
    }
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(path), BACKLOG);
      return new Endpoint(server, path);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Somebody has renamed the socket. */
  public void movedTo(Path other) {
    path = other;
  }

  /**
   * Loads what a connection needs: a hundred and fifty classes and a library, tens of milliseconds.
   * Better done on another thread while the application starts.
   */
  public static void prepare() throws IOException {
    AFUNIXSocket.newInstance().close();
  }

  /**
   * Blocks until somebody connects.
   *
   * @throws ClosedChannelException when this is closed, before or meanwhile
   */
  public Connection accept() throws IOException {
    FileDescriptor accepted;
    try (SocketChannel channel = server.accept()) {
      int number = Descriptors.number(Descriptors.of(channel));
      accepted = Descriptors.of(Descriptors.duplicate(number));
    }
    try {
      return new Connection(FileDescriptorCast.using(accepted).as(AFUNIXSocket.class), accepted);
    } catch (IOException | RuntimeException e) {
      Descriptors.close(accepted);
      throw e;
    }
  }

  /** Connects to the endpoint at the path. */
  public static Connection connect(Path path) throws IOException {
    // Not connectTo, which leaves its socket open when nobody is there.
    AFUNIXSocket socket = AFUNIXSocket.newInstance();
    try {
      socket.connect(AFUNIXSocketAddress.of(path));
      return new Connection(socket);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** Closes the socket and removes its path. A thread in {@link #accept} gets an exception. */
  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(path);
  }
}
