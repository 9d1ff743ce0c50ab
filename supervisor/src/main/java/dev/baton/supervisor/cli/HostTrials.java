package dev.baton.supervisor.cli;

import dev.baton.channel.Connection;
import dev.baton.channel.Connection.Received;
import dev.baton.channel.Endpoint;
import dev.baton.jdk.Descriptors;
import dev.baton.jdk.Exchange;
import dev.baton.jdk.Sockets;
import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.resource.ResourceException;
import dev.baton.supervisor.resource.RunDirectory;
import dev.baton.supervisor.resource.StateDirectory;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Does in small what a supervisor and its workers do, with sockets on the loopback interface and
 * files in a directory of its own. Everything is closed and removed again, whatever happens.
 */
final class HostTrials {
  private static final long PATIENCE_MILLIS = 2000;

  private HostTrials() {}

  static Finding nativeLibrary() throws Exception {
    Installation.useNativeLibrary();
    Endpoint.prepare();
    String file = System.getProperty("org.newsclub.net.unix.library.override");
    return Finding.ok("native library", file == null ? "loads from its jar" : fileName(file));
  }

  private static String fileName(String path) {
    return path.substring(path.lastIndexOf('/') + 1) + " loads";
  }

  /** Sends a listener to ourselves, closes what was sent, and connects to what has arrived. */
  static Finding descriptors() throws IOException {
    long start = System.nanoTime();
    Path folder = Files.createTempDirectory("baton");
    try (Endpoint endpoint = Endpoint.listen(folder.resolve("s"));
        Connection sender = Endpoint.connect(folder.resolve("s"));
        Connection receiver = endpoint.accept()) {
      SocketAddress address;
      try (ServerSocketChannel listener = listen()) {
        address = listener.getLocalAddress();
        sender.send(Message.of(Verb.GRANT).with("fds", "shared"), Descriptors.of(listener));
      }
      Received received = Objects.requireNonNull(receiver.receive());
      try {
        check(received.descriptors(), address);
        SocketChannel.open(address).close();
      } finally {
        received.closeDescriptors();
      }
    } finally {
      Files.deleteIfExists(folder.resolve("s"));
      Files.deleteIfExists(folder);
    }
    return Finding.ok("descriptors", "a listener was passed in " + millis(start) + " ms");
  }

  private static void check(List<FileDescriptor> descriptors, SocketAddress sent)
      throws IOException {
    if (descriptors.size() != 1 || !Sockets.isListening(descriptors.get(0))) {
      throw new IOException("what arrived is not the one listener that was sent");
    }
    SocketAddress arrived = Sockets.localAddress(descriptors.get(0));
    if (!sent.equals(arrived)) {
      throw new IOException("sent the listener of " + sent + ", received that of " + arrived);
    }
  }

  /** Exchanges the socket under a server that waits in epoll, to and fro. */
  static Finding exchange() throws IOException {
    try (Selector selector = Selector.open();
        ServerSocketChannel server = listen();
        ServerSocketChannel shared = listen()) {
      SocketAddress hidden = server.getLocalAddress();
      server.configureBlocking(false);
      server.register(selector, SelectionKey.OP_ACCEPT);
      selector.selectNow(); // only now the kernel knows of it
      int number = Descriptors.number(Descriptors.of(server));
      int before = Descriptors.duplicate(number);
      try {
        long start = System.nanoTime();
        Exchange.put(Descriptors.number(Descriptors.of(shared)), number, before);
        long took = millis(start);
        accept(selector, server, shared.getLocalAddress());
        Exchange.put(before, number, Descriptors.number(Descriptors.of(shared)));
        accept(selector, server, hidden);
        return Finding.ok("switch", "a server was switched on in " + took + " ms, and off again");
      } finally {
        Descriptors.close(before);
      }
    }
  }

  /** The server must get a connection that was made to that address. */
  private static void accept(Selector selector, ServerSocketChannel server, SocketAddress address)
      throws IOException {
    try (SocketChannel client = SocketChannel.open(address)) {
      selector.select(PATIENCE_MILLIS);
      selector.selectedKeys().clear();
      try (SocketChannel accepted = server.accept()) {
        if (accepted == null || !accepted.getRemoteAddress().equals(client.getLocalAddress())) {
          throw new IOException("the server was not woken for its new socket");
        }
      }
    }
  }

  private static ServerSocketChannel listen() throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      return channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Makes and removes the run directory of a supervisor that does not exist. */
  static Finding runDirectory(Map<String, String> environment) throws IOException {
    RunDirectory directory = RunDirectory.of(name(), environment);
    Path base = directory.path().resolveSibling("");
    if (!Files.exists(base)) {
      return willBeMade("run directory", base, RunDirectory.BASE_VARIABLE);
    }
    directory.create(); // refuses what others can change
    directory.remove();
    return Finding.ok("run directory", base + " is ours to write to");
  }

  static Finding socketPaths(Map<String, String> environment) throws IOException {
    try {
      return HostJudgement.socketPath(
          RunDirectory.of("x", environment).path().toAbsolutePath().resolveSibling(""));
    } catch (ResourceException e) {
      String advice = "set " + RunDirectory.BASE_VARIABLE + " to a shorter path";
      return Finding.fail("socket paths", String.valueOf(e.getMessage()), advice);
    }
  }

  static Finding stateDirectory(Map<String, String> environment) throws IOException {
    Path base = StateDirectory.of(name(), environment).path().resolveSibling("");
    if (!Files.exists(base)) {
      return willBeMade("state directory", base, StateDirectory.BASE_VARIABLE);
    }
    Files.delete(
        Files.createDirectory(
            base.resolve(name()),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
    return Finding.ok("state directory", base + " can be written to");
  }

  /** Does not make it: to remove it again could meet a supervisor that starts. */
  private static Finding willBeMade(String check, Path base, String variable) {
    Path there = base;
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    return there != null && Files.isDirectory(there) && Files.isWritable(there)
        ? Finding.ok(check, base + " will be made")
        : Finding.fail(
            check,
            base + " cannot be made in " + there,
            "set " + variable + " to a directory you may write to");
  }

  /** No supervisor can be called that, and it is short, because paths of sockets have to be. */
  private static String name() {
    return "." + Long.toString(ProcessHandle.current().pid(), Character.MAX_RADIX);
  }

  private static long millis(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }
}
