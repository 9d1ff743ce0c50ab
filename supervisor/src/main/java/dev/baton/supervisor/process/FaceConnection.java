package dev.baton.supervisor.process;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import javax.net.ssl.SSLSocket;
import jdk.net.ExtendedSocketOptions;

/**
 * A fresh connection to a face, on which nothing is waited for beyond a deadline: not for a peer
 * that sends a byte now and then either.
 *
 * @param host how an HTTP request calls the server
 */
record FaceConnection(InputStream in, OutputStream out, String host, Closeable transport)
    implements Closeable {

  static FaceConnection open(SocketAddress face, Deadline deadline) throws IOException {
    if (face instanceof UnixDomainSocketAddress unix) {
      UnixConnection made = UnixConnection.open(unix, deadline);
      return new FaceConnection(made.in(), made.out(), "localhost", made);
    }
    Socket socket = connect(face, deadline);
    return new FaceConnection(
        socket.getInputStream(), socket.getOutputStream(), "localhost", socket);
  }

  /** The same over TLS. */
  static FaceConnection openTls(InetSocketAddress face, Deadline deadline) throws IOException {
    Socket plain = connect(face, deadline);
    try {
      SSLSocket socket =
          (SSLSocket)
              AnyCertificate.factory().createSocket(plain, "localhost", face.getPort(), true);
      socket.startHandshake();
      String host = AnyCertificate.hostIn(socket.getSession());
      return new FaceConnection(socket.getInputStream(), socket.getOutputStream(), host, socket);
    } catch (IOException | RuntimeException e) {
      plain.close();
      throw e;
    }
  }

  private static Socket connect(SocketAddress face, Deadline deadline) throws IOException {
    Socket socket = new TimedSocket(deadline);
    try {
      socket.connect(face, deadline.millisLeft());
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }

  /** Also when TLS reads from it: before each read what is left of the time is set anew. */
  private static final class TimedSocket extends Socket {
    private final Deadline deadline;

    TimedSocket(Deadline deadline) {
      this.deadline = deadline;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read() throws IOException {
          beforeRead();
          return super.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
          beforeRead();
          return super.read(bytes, offset, length);
        }
      };
    }

    private void beforeRead() throws IOException {
      setSoTimeout(deadline.millisLeft());
      // A server that writes its answer in two parts would wait 40 ms for our acknowledgement of
      // the first. The kernel forgets this after a while.
      setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
    }
  }
}
