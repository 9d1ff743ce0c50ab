package dev.baton.supervisor.process;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ServerSocketFactory;

/** A server that does with its clients, one after the other, what a test says. */
final class ScriptedServer implements Closeable {
  /** Long enough for an answer of one byte to be no answer in time. */
  private static final int TRICKLE_MILLIS = 20;

  /** What is done with one client; an exception is the end of this client only. */
  interface Script {
    void serve(InputStream in, OutputStream out) throws IOException;
  }

  /** Where the clients come from; null when there will be none any more. */
  private interface Clients {
    Client next() throws IOException;
  }

  private record Client(InputStream in, OutputStream out, Closeable transport) {}

  private final Closeable listener;
  private final SocketAddress address;
  private final Clients clients;
  private final Script script;
  private final Thread thread = new Thread(this::serve, "scripted-server");
  private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();

  private ScriptedServer(
      Closeable listener, SocketAddress address, Clients clients, Script script) {
    this.listener = listener;
    this.address = address;
    this.clients = clients;
    this.script = script;
  }

  static ScriptedServer start(Script script) throws IOException {
    return start(ServerSocketFactory.getDefault(), script);
  }

  static ScriptedServer start(ServerSocketFactory factory, Script script) throws IOException {
    ServerSocket server = factory.createServerSocket(0, 10, InetAddress.getLoopbackAddress());
    return new ScriptedServer(
            server, server.getLocalSocketAddress(), () -> client(server.accept()), script)
        .started();
  }

  static ScriptedServer start(Path path, Script script) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    return new ScriptedServer(
            server, server.getLocalAddress(), () -> client(server.accept()), script)
        .started();
  }

  private static Client client(Socket socket) throws IOException {
    socket.setSoTimeout(TRICKLE_MILLIS);
    return new Client(socket.getInputStream(), socket.getOutputStream(), socket);
  }

  private static Client client(SocketChannel channel) {
    return new Client(Channels.newInputStream(channel), Channels.newOutputStream(channel), channel);
  }

  private ScriptedServer started() {
    thread.start();
    return this;
  }

  SocketAddress address() {
    return address;
  }

  /** How each client's script went: {@code done}, or how it failed. */
  String nextEnd() throws InterruptedException {
    return ends.take();
  }

  private void serve() {
    try {
      while (true) {
        Client client = clients.next();
        ends.add(serve(client));
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private String serve(Client client) throws IOException {
    try {
      script.serve(client.in(), client.out());
      return "done";
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    } finally {
      client.transport().close();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    Uninterruptibles.joinUninterruptibly(thread);
  }

  /** Reads a request, says this, and closes when the client has. */
  static Script saying(String words) {
    return (in, out) -> {
      readHead(in);
      say(out, words);
      awaitEnd(in);
    };
  }

  /** The same, but says it once more and more without a pause, until the client has gone. */
  static Script sayingForEver(String beginning, String words) {
    return (in, out) -> {
      readHead(in);
      say(out, beginning);
      while (true) {
        say(out, words);
      }
    };
  }

  /** The same, at a few bytes a second. */
  static Script trickling(String beginning) {
    return (in, out) -> {
      readHead(in);
      say(out, beginning);
      trickleUntilTheEnd(in, out);
    };
  }

  static void trickleUntilTheEnd(InputStream in, OutputStream out) throws IOException {
    while (!hasEnded(in)) {
      say(out, "x");
    }
  }

  static void say(OutputStream out, String words) throws IOException {
    out.write(words.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** Reads up to the empty line. */
  static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = readPatiently(in);
      if (next < 0) {
        throw new IOException("client left after: " + head);
      }
      head.append((char) next);
    }
    return head.toString();
  }

  static void awaitEnd(InputStream in) throws IOException {
    while (readPatiently(in) >= 0) {
      // more than was expected
    }
  }

  private static int readPatiently(InputStream in) throws IOException {
    while (true) {
      try {
        return in.read();
      } catch (SocketTimeoutException e) {
        // not yet
      }
    }
  }

  private static boolean hasEnded(InputStream in) throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }
}
