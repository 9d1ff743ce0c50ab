package dev.baton.jdk;

import dev.baton.jdk.Epoll.Registration;
import java.io.IOException;
import java.util.List;

/**
 * Puts another socket under a descriptor number inside a running server, with everything that waits
 * for it in epoll carried over. The caller keeps the number from being closed meanwhile.
 */
public final class Exchange {
  /** A registration slips in between look and exchange once in a blue moon, never this often. */
  private static final int MAX_ROUNDS = 16;

  private Exchange() {}

  /** Whether this host shows what an exchange needs; without it nothing must be exchanged. */
  public static boolean isPossible() {
    return Epoll.isVisible();
  }

  /**
   * Exchanges what lies under a number.
   *
   * @param target the number the server uses
   * @param source a descriptor of the socket to put there
   * @param before a descriptor of the socket that is there now
   */
  public static void put(int source, int target, int before) throws IOException {
    long wanted = inode(source);
    for (int round = 0; round < MAX_ROUNDS; round++) {
      exchange(source, target);
      // A thread that armed itself after our look has registered the socket that was there before.
      // That registration goes only while its socket is under the number: so once more.
      if (!hasOtherThan(wanted, target)) {
        return;
      }
      exchange(before, target);
    }
    throw new IOException("descriptor " + target + " is registered with epoll again and again");
  }

  private static boolean hasOtherThan(long wanted, int target) throws IOException {
    for (Registration registration : Epoll.registrations(target)) {
      if (registration.inode() != wanted) {
        return true;
      }
    }
    return false;
  }

  private static void exchange(int source, int target) throws IOException {
    List<Registration> registrations = Epoll.registrations(target);
    for (Registration registration : registrations) {
      registration.remove();
    }
    Descriptors.replace(source, target);
    for (Registration registration : registrations) {
      registration.add();
    }
  }

  private static long inode(int descriptor) throws IOException {
    String target = Descriptors.target(descriptor);
    if (!target.startsWith("socket:[")) {
      throw new IOException("descriptor " + descriptor + " is no socket but '" + target + "'");
    }
    return Long.parseLong(target.substring("socket:[".length(), target.length() - 1));
  }
}
