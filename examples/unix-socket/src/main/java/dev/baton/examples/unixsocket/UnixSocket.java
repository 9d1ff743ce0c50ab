package dev.baton.examples.unixsocket;

import dev.baton.worker.Listener;
import dev.baton.worker.Worker;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * HTTP on a unix socket, one response a connection, as behind a proxy on the same host. Says which
 * process answers.
 */
public final class UnixSocket {
  private static final String BODY = "hello from pid " + ProcessHandle.current().pid() + "\n";
  private static final byte[] RESPONSE =
      ("HTTP/1.1 200 OK\r\nContent-Length: "
              + BODY.length()
              + "\r\nConnection: close\r\n\r\n"
              + BODY)
          .getBytes(StandardCharsets.US_ASCII);

  private UnixSocket() {}

  public static void main(String[] args) throws IOException {
    Worker worker = Worker.attach();
    Listener listener = worker.listener("app", "unix:/tmp/baton-unix-socket.sock");
    // Nobody else removes what a JVM of before has left. Under a supervisor the path is the
    // supervisor's, and this does nothing.
    Files.deleteIfExists(((UnixDomainSocketAddress) listener.address()).getPath());
    ExecutorService threads = Executors.newCachedThreadPool();
    try (ServerSocketChannel server = listener.channel()) {
      worker.ready();
      while (true) {
        SocketChannel client = server.accept();
        threads.execute(() -> answer(client));
      }
    }
  }

  private static void answer(SocketChannel client) {
    try (client) {
      BufferedReader request =
          new BufferedReader(Channels.newReader(client, StandardCharsets.US_ASCII));
      String line = request.readLine();
      while (line != null && !line.isEmpty()) {
        line = request.readLine();
      }
      if (line != null) { // else it has gone before it has asked
        Channels.newOutputStream(client).write(RESPONSE);
      }
    } catch (IOException e) {
      System.err.println("a client: " + e); // the others go on
    }
  }
}
