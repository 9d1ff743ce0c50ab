package dev.baton.jdk;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Method;
import java.nio.channels.Channel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Descriptors by their number: what the JDK's channels hide. Plain system calls, any thread. */
public final class Descriptors {
  private static final Class<?> INHERITED_CHANNEL = Internals.type("sun.nio.ch.InheritedChannel");
  private static final VarHandle NUMBER = Internals.field(FileDescriptor.class, "fd");
  private static final Method DUP = Internals.method(INHERITED_CHANNEL, "dup", int.class);
  private static final Method DUP2 =
      Internals.method(INHERITED_CHANNEL, "dup2", int.class, int.class);

  private static final int FILE_TYPE = 0170000;
  private static final int REGULAR_FILE = 0100000;

  private Descriptors() {}

  /** The number, or -1 when it has been closed through this object. */
  public static int number(FileDescriptor descriptor) {
    return (int) NUMBER.get(descriptor);
  }

  /** A new object for a number; closing it closes the number. */
  public static FileDescriptor of(int number) {
    FileDescriptor descriptor = new FileDescriptor();
    NUMBER.set(descriptor, number);
    return descriptor;
  }

  /** The descriptor of one of the JDK's socket channels; it stays the channel's. */
  public static FileDescriptor of(Channel channel) {
    return (FileDescriptor) Internals.field(channel.getClass(), "fd").get(channel);
  }

  /** The numbers that were open a moment ago, the one of this look included. */
  public static int[] all() throws IOException {
    // Not a DirectoryStream, of which a starting JVM has used none.
    String[] names = new File("/proc/self/fd").list();
    if (names == null) {
      throw new IOException("cannot list /proc/self/fd");
    }
    int[] numbers = new int[names.length];
    for (int i = 0; i < names.length; i++) {
      numbers[i] = Integer.parseInt(names[i]);
    }
    return numbers;
  }

  /** A second descriptor for the same description; the caller closes it. */
  public static int duplicate(int number) throws IOException {
    Object duplicate = Internals.call(DUP, number);
    if (duplicate instanceof Integer made) {
      return made;
    }
    throw new IOException("dup of descriptor " + number + " returned " + duplicate);
  }

  /** Puts the description of {@code source} under the number {@code target}. */
  public static void replace(int source, int target) throws IOException {
    Internals.call(DUP2, source, target);
  }

  /** Closes the number and nothing else: no shutdown of the socket, which others may hold. */
  public static void close(int number) {
    close(of(number));
  }

  /** Closes the descriptor and marks the object closed, so that nobody closes the number twice. */
  public static void close(FileDescriptor descriptor) {
    try (FileOutputStream closing = new FileOutputStream(descriptor)) {
      closing.flush();
    } catch (IOException e) {
      // close(2) frees the number even when it reports an error.
    }
  }

  /**
   * What the number refers to in this process, such as {@code socket:[4711]}; empty when it is not
   * open. Two descriptors of one socket have the same target.
   */
  public static String target(int number) {
    try {
      return Files.readSymbolicLink(link(number)).toString();
    } catch (IOException e) {
      return "";
    } catch (UncheckedIOException e) {
      return "";
    }
  }

  /**
   * Which file the number refers to, as {@code DEV:INO}, whatever its name is now; empty when it is
   * not open, or no regular file.
   */
  public static String file(int number) {
    try {
      Map<String, Object> is = Files.readAttributes(link(number), "unix:mode,dev,ino");
      boolean regular =
          is.get("mode") instanceof Integer mode && (mode & FILE_TYPE) == REGULAR_FILE;
      return regular ? is.get("dev") + ":" + is.get("ino") : "";
    } catch (IOException e) {
      return "";
    }
  }

  /** Leads to what the number refers to, for this process only, and as long as it is open. */
  public static Path link(int number) {
    return Path.of("/proc/self/fd/" + number);
  }
}
