package dev.baton.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test that leaves a socket, a pipe or one of our threads behind. */
public final class NothingLeft implements BeforeEachCallback, AfterEachCallback {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Threads that the JDK, JUnit and junixsocket start once, whenever they first need them. */
  private static final List<String> OF_OTHERS =
      List.of("ForkJoinPool", "surefire", "junit", "Cleaner", "process reaper");

  private Map<Integer, String> descriptorsBefore = Map.of();
  private Set<Thread> threadsBefore = Set.of();

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    warmUp();
    descriptorsBefore = descriptors();
    threadsBefore = Thread.getAllStackTraces().keySet();
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    // Threads that read end a moment after their connection was closed.
    String left = newDescriptors() + newThreads();
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!left.isEmpty() && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
      left = newDescriptors() + newThreads();
    }
    if (!left.isEmpty()) {
      throw new AssertionError("left behind: " + left);
    }
  }

  /** The JDK keeps a pair of sockets from its first closed channel on. */
  private static void warmUp() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
        client.shutdownOutput();
        server.accept().close();
      }
    }
  }

  private String newDescriptors() throws IOException {
    Map<Integer, String> now = descriptors();
    now.entrySet().removeIf(open -> open.getValue().equals(descriptorsBefore.get(open.getKey())));
    return now.isEmpty() ? "" : "descriptors " + now + " ";
  }

  private String newThreads() {
    Supplier<String> names =
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !threadsBefore.contains(thread) && isOurs(thread))
                .map(Thread::getName)
                .collect(Collectors.joining(" "));
    String left = names.get();
    return left.isEmpty() ? "" : "threads " + left;
  }

  private static boolean isOurs(Thread thread) {
    ThreadGroup group = thread.getThreadGroup();
    return group != null
        && !group.getName().equals("system")
        && OF_OTHERS.stream().noneMatch(name -> thread.getName().startsWith(name));
  }

  /** Sockets, pipes and epoll sets; class files and jars are opened when the JVM likes. */
  private static Map<Integer, String> descriptors() throws IOException {
    Map<Integer, String> open = new TreeMap<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path one : all) {
        String target = target(one);
        if (target.startsWith("socket:") || target.startsWith("pipe:") || isEpoll(target)) {
          open.put(Integer.parseInt(one.getFileName().toString()), target);
        }
      }
    }
    return open;
  }

  private static boolean isEpoll(String target) {
    return target.equals("anon_inode:[eventpoll]");
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return ""; // the descriptor of the listing itself
    }
  }
}
