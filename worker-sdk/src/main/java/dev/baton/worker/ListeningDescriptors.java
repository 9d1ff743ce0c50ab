package dev.baton.worker;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The numbers of listening sockets that were handed out. Each is a channel of the JDK underneath,
 * through which the agent knows it; that is held here as long as this JVM lives, because a channel
 * nobody refers to is closed, and its number becomes somebody else's.
 *
 * <p>Any thread.
 */
final class ListeningDescriptors {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Path DETAILS = Path.of("/proc/self/fdinfo");
  private static final Pattern FLAGS = Pattern.compile("^flags:\\s+([0-7]+)$", Pattern.MULTILINE);
  private static final int O_NONBLOCK = 04000;

  /** Of our looks two will do, unless another thread changes its socket in step with us. */
  private static final int MOST_LOOKS = 100;

  private static final Map<String, Held> HELD = new HashMap<>(); // guarded by itself

  private ListeningDescriptors() {}

  private record Held(int number, SelectableChannel channel) {}

  /** Makes a bound channel. */
  interface Binding {
    SelectableChannel bind() throws IOException;
  }

  /** The same number for the same address; bound at the first time. */
  static int number(String address, Binding binding) throws IOException {
    synchronized (HELD) {
      Held held = HELD.get(address);
      if (held == null) {
        held = hold(binding.bind());
        HELD.put(address, held);
      }
      return held.number();
    }
  }

  private static Held hold(SelectableChannel channel) throws IOException {
    try {
      int number = AgentBridge.number(channel);
      channel.configureBlocking(false);
      return new Held(number < 0 ? find(channel) : number, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * The descriptor of a channel that is this process's alone. Without an agent the JDK tells nobody
   * its number; but it is the one that blocks when the channel does, and does not when it does not.
   */
  static int find(SelectableChannel channel) throws IOException {
    Set<Integer> left = sockets();
    boolean blocking = channel.isBlocking();
    for (int i = 0; i < MOST_LOOKS && (i < 2 || left.size() > 1); i++) {
      boolean now = (i % 2 == 0) != blocking;
      channel.configureBlocking(now);
      left.removeIf(number -> blocks(number) != now);
    }
    channel.configureBlocking(blocking);
    if (left.size() != 1) {
      throw new IOException("cannot tell the descriptor of " + channel + ", one of " + left);
    }
    return left.iterator().next();
  }

  private static Set<Integer> sockets() throws IOException {
    Set<Integer> sockets = new TreeSet<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path one : all) {
        if (isSocket(one)) {
          sockets.add(Integer.parseInt(one.getFileName().toString()));
        }
      }
    }
    return sockets;
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException e) {
      return false; // closed since it was listed
    }
  }

  private static boolean blocks(int number) {
    try {
      Matcher flags = FLAGS.matcher(Files.readString(DETAILS.resolve(Integer.toString(number))));
      return flags.find() && (Integer.parseInt(flags.group(1), 8) & O_NONBLOCK) == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
