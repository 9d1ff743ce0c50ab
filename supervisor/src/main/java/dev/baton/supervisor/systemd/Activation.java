package dev.baton.supervisor.systemd;

import dev.baton.jdk.Descriptors;
import java.io.FileDescriptor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sockets a service manager has opened for us, or has kept for us, as {@code sd_listen_fds(3)}
 * describes it.
 *
 * <p>They are not close-on-exec, and Java cannot make them so. It need not: a child is started by
 * {@code jspawnhelper}, which closes all descriptors but three before it becomes the command.
 */
public final class Activation {
  /** Without this variable nothing was passed, and this class need not be loaded. */
  public static final String VARIABLE = "LISTEN_FDS";

  private static final int FIRST = 3;

  /** More than a unit can have; a number that is no mistake stays below. */
  private static final int MOST = 4096;

  private static final String UNKNOWN = "unknown";

  private Activation() {}

  /**
   * One socket.
   *
   * @param name what the unit or we ourselves have called it; "unknown" when nobody has
   * @param descriptor the caller's to close
   */
  public record Passed(String name, FileDescriptor descriptor) {}

  /**
   * What was passed to us. Once in a process: the descriptors are the caller's from then on.
   *
   * @param pid ours; what is meant for another process is left alone
   * @param warnings gets a sentence for what is wrong
   */
  public static List<Passed> take(
      Map<String, String> environment, long pid, Consumer<String> warnings) {
    return take(environment, pid, warnings, FIRST);
  }

  static List<Passed> take(
      Map<String, String> environment, long pid, Consumer<String> warnings, int first) {
    String listenFds = environment.getOrDefault(VARIABLE, "");
    if (listenFds.isEmpty()) {
      return List.of();
    }
    String whom = environment.getOrDefault("LISTEN_PID", "");
    if (!whom.equals(Long.toString(pid))) {
      warnings.accept(
          "LISTEN_FDS is for "
              + (whom.isEmpty() ? "nobody, without a LISTEN_PID" : "process " + whom)
              + "; ours is "
              + pid
              + ": no socket is taken from it");
      return List.of();
    }
    int count = count(listenFds);
    if (count < 0) {
      warnings.accept("LISTEN_FDS=" + listenFds + " is no number of sockets: none is taken");
      return List.of();
    }
    return sockets(first, names(environment.get("LISTEN_FDNAMES"), count, warnings), warnings);
  }

  private static int count(String listenFds) {
    try {
      int count = Integer.parseInt(listenFds);
      return count <= MOST ? count : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static List<String> names(@Nullable String given, int count, Consumer<String> warnings) {
    List<String> unknown = Collections.nCopies(count, UNKNOWN);
    if (given == null || count == 0) {
      return unknown;
    }
    List<String> names = List.of(given.split(":", -1));
    if (names.size() == count) {
      return names;
    }
    warnings.accept(
        "LISTEN_FDNAMES has "
            + names.size()
            + " names for "
            + count
            + " sockets: all are taken, without names");
    return unknown;
  }

  private static List<Passed> sockets(int first, List<String> names, Consumer<String> warnings) {
    List<Passed> passed = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      int number = first + i;
      // A count that is too large would lead on to files of the JVM itself: not ours to close.
      if (Descriptors.target(number).startsWith("socket:")) {
        String name = names.get(i).isEmpty() ? UNKNOWN : names.get(i);
        passed.add(new Passed(name, Descriptors.of(number)));
      } else {
        warnings.accept(
            "LISTEN_FDS="
                + names.size()
                + ": descriptor "
                + number
                + " is no socket, and left alone");
      }
    }
    return passed;
  }
}
