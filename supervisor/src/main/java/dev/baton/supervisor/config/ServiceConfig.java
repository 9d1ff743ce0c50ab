package dev.baton.supervisor.config;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.time.Duration;
import java.util.List;

/**
 * One supervised application.
 *
 * @param name how commands call it
 * @param command what starts a worker, without a shell
 * @param listen opened before the first worker starts; every worker has to bind them
 * @param local what workers bind by themselves, without us
 * @param workers how many serve at a time
 * @param probe the gate before a worker gets clients
 * @param backlog the length of each listener's accept queue
 * @param timing its limits
 */
public record ServiceConfig(
    String name,
    ImmutableList<String> command,
    ImmutableList<Address> listen,
    ImmutableSet<Address> local,
    int workers,
    Probe probe,
    int backlog,
    Timing timing) {

  /** Long enough for a burst while a JVM stalls in a collection; the kernel may allow less. */
  public static final int DEFAULT_BACKLOG = 4096;

  /**
   * The limits of a worker's life.
   *
   * @param start from launch until it is ready
   * @param linger from switched off until it is stopped, whatever is still connected
   * @param stop from SIGTERM to SIGKILL
   */
  public record Timing(Duration start, Duration linger, Duration stop) {
    public static final Timing DEFAULT =
        new Timing(Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(10));
  }

  /**
   * A name for a service that was given none: that of the jar, main class or script it runs, in the
   * letters a file name may have.
   */
  public static String nameFor(List<String> command) {
    String subject = command.get(0);
    for (int i = 0; i + 1 < command.size(); i++) {
      if (command.get(i).equals("-jar")) {
        subject = command.get(i + 1);
        break;
      }
    }
    String file = subject.substring(subject.lastIndexOf('/') + 1);
    String stem =
        file.replaceFirst("\\.(jar|sh|war)$", "").replaceFirst("-[0-9][0-9A-Za-z.-]*$", "");
    String name = stem.replaceAll("[^A-Za-z0-9_-]", "-");
    return name.isEmpty() || name.equals("java") ? "app" : name;
  }
}
