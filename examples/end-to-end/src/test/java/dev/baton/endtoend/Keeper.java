package dev.baton.endtoend;

import dev.baton.worker.Worker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A worker that stores what it is told to, a line of answer for each line: {@code store SEED SIZE},
 * {@code what}, {@code discard}, and {@code keep} for the connection itself. When one was kept by
 * the worker before, it says {@code back} on it and goes on.
 *
 * <p>Argument: port.
 */
final class Keeper {
  private final Worker worker = Worker.attach();

  static List<String> command(int port) {
    return Application.smallJvm(256, Keeper.class.getName(), Integer.toString(port));
  }

  public static void main(String[] args) throws Exception {
    Keeper keeper = new Keeper();
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(address)) {
      Optional<SocketChannel> before = keeper.worker.restoreConnection("peer");
      if (before.isPresent()) {
        say(before.get(), "back");
        keeper.serveOn(before.get());
      }
      while (true) {
        keeper.serveOn(server.accept());
      }
    }
  }

  static byte[] bytes(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private void serveOn(SocketChannel client) {
    new Thread(() -> serve(client)).start();
  }

  private void serve(SocketChannel client) {
    try (client;
        Socket socket = client.socket();
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        say(client, answer(line.split(" ", -1), client));
      }
    } catch (IOException e) {
      System.err.println("a client is gone: " + e);
    }
  }

  private String answer(String[] words, SocketChannel client) {
    try {
      switch (words[0]) {
        case "store" ->
            worker.store("cache", bytes(Integer.parseInt(words[1]), Integer.parseInt(words[2])));
        case "keep" -> worker.store("peer", client);
        case "discard" -> worker.discard("cache");
        default -> {
          return worker
              .restoreBytes("cache")
              .map(bytes -> bytes.length + " " + Arrays.hashCode(bytes))
              .orElse("nothing");
        }
      }
      return "done";
    } catch (IOException e) {
      return "refused: " + e.getMessage();
    }
  }

  private static void say(SocketChannel to, String what) throws IOException {
    String line = what + " " + ProcessHandle.current().pid() + "\n";
    to.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
  }
}
