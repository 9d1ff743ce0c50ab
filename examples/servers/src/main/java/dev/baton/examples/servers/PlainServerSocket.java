package dev.baton.examples.servers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A {@link ServerSocket} with three threads blocked in accept, as in the nineties. */
public final class PlainServerSocket {
  private static final int ACCEPTORS = 3;

  private final ServerSocket socket;
  private final ExecutorService connections = Executors.newCachedThreadPool();

  private PlainServerSocket(ServerSocket socket) {
    this.socket = socket;
  }

  public static void main(String[] args) throws IOException {
    InetSocketAddress address = Where.inet(args[0]);
    ServerSocket socket = new ServerSocket();
    socket.bind(address);
    PlainServerSocket server = new PlainServerSocket(socket);
    for (int i = 0; i < ACCEPTORS; i++) {
      new Thread(server::acceptAll, "acceptor-" + i).start();
    }
    System.out.println("listening on " + socket.getLocalSocketAddress());
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket connection = socket.accept();
        connections.execute(() -> serve(connection));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("acceptor ended", e);
    }
  }

  private static void serve(Socket connection) {
    try (connection) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
      boolean goOn = true;
      while (goOn) {
        goOn = answer(in, connection);
      }
    } catch (IOException e) {
      // The client went away.
    }
  }

  /** Returns whether the connection may carry another request. */
  private static boolean answer(BufferedReader in, Socket connection) throws IOException {
    String request = in.readLine();
    if (request == null) {
      return false;
    }
    boolean close = false;
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      close |= line.toLowerCase(Locale.ROOT).equals("connection: close");
    }
    Answer answer = Answer.to(request.split(" ", 3)[1]);
    answer.think();
    connection.getOutputStream().write(answer.http(close));
    return !close;
  }
}
