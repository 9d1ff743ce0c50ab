package dev.baton.jdk;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The epoll registrations of this process, whoever made them: the JDK's selectors, its pollers for
 * virtual threads, or native code. The kernel shows them in {@code /proc/self/fdinfo}.
 */
final class Epoll {
  private static final int ADD = 1;
  private static final int DELETE = 2;
  private static final int ONE_SHOT = 1 << 30;
  private static final int READABLE = 1;
  private static final Method CTL =
      Internals.method(
          Internals.type("sun.nio.ch.EPoll"), "ctl", int.class, int.class, int.class, int.class);

  private Epoll() {}

  /** One descriptor in one epoll set. */
  record Registration(int epoll, int descriptor, int events, long inode) {
    void remove() throws IOException {
      // ENOENT is fine: whoever owns the set was faster.
      Internals.call(CTL, epoll, DELETE, descriptor, 0);
    }

    /**
     * Adds it again. A one-shot registration is armed even if it was found disarmed: its owner may
     * have armed it since, and a wake-up too many only makes it look once more.
     */
    void add() throws IOException {
      int armed = (events & ONE_SHOT) != 0 ? events | READABLE : events;
      Object errno = Internals.call(CTL, epoll, ADD, descriptor, armed);
      if (!Integer.valueOf(0).equals(errno) && !Integer.valueOf(EEXIST).equals(errno)) {
        throw new IOException("epoll_ctl ADD of " + descriptor + ": errno " + errno);
      }
    }
  }

  private static final int EEXIST = 17;

  /** Whether this host shows epoll registrations at all. */
  static boolean isVisible() {
    return Files.isReadable(Path.of("/proc/self/fdinfo"));
  }

  /** Every registration of the descriptor in this process. */
  static List<Registration> registrations(int descriptor) throws IOException {
    List<Registration> found = new ArrayList<>();
    for (int number : Descriptors.all()) {
      if (Descriptors.target(number).equals("anon_inode:[eventpoll]")) {
        addRegistrations(number, descriptor, found);
      }
    }
    return found;
  }

  private static void addRegistrations(int epoll, int descriptor, List<Registration> found) {
    List<String> lines;
    try {
      lines = Files.readAllLines(Path.of("/proc/self/fdinfo/" + epoll));
    } catch (IOException e) {
      return; // closed meanwhile, and its registrations with it
    }
    for (String line : lines) {
      // tfd:        5 events:       19 data:  7f00000005  pos:0 ino:3d sdev:8
      String[] words = line.trim().split("[:\\s]+");
      if (words[0].equals("tfd") && Integer.parseInt(words[1]) == descriptor) {
        int events = (int) Long.parseLong(words[3], 16);
        found.add(new Registration(epoll, descriptor, events, inode(words)));
      }
    }
  }

  private static long inode(String[] words) {
    for (int i = 0; i + 1 < words.length; i++) {
      if (words[i].equals("ino")) {
        return Long.parseLong(words[i + 1], 16);
      }
    }
    return 0;
  }
}
