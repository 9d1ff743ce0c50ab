package dev.baton.worker;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/**
 * This JVM, as the supervisor sees it: a worker of a service, or nobody's.
 *
 * <p>One object for the life of the JVM. All methods may be called from any thread.
 */
public final class Worker {
  /** As the configuration has them. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,40}");

  private static final Worker THIS = new Worker();

  /** As much as {@code status} shows of one in a line. */
  private static final int MOST_STATUS = 200;

  private final Map<String, LogFile> logs = new HashMap<>(); // guarded by itself
  private final AtomicBoolean ready = new AtomicBoolean();

  private Worker() {}

  /**
   * Connects to the supervisor, unless the first listener was bound before, which does the same.
   * Waits for its answer, milliseconds and 30 seconds at most; later calls do not wait.
   *
   * <p>Never fails. When no supervisor has started this JVM, or another JVM of the same start came
   * first, or the supervisor is not there, this is an ordinary JVM.
   */
  public static Worker attach() {
    AgentBridge.attach();
    return THIS;
  }

  /**
   * Whether a supervisor has taken this JVM as its worker. Stays true when the connection is lost:
   * the worker keeps what it holds.
   */
  public boolean isSupervised() {
    return AgentBridge.attach();
  }

  /** The service this is a worker of, as the configuration has it; empty without a supervisor. */
  public String service() {
    return environment("BATON_SERVICE", "");
  }

  /** Which launch of the service this is: 1 for its first, more for each restart; 0 for none. */
  public int generation() {
    return Integer.parseInt(environment("BATON_GENERATION", "0"));
  }

  /** Which of the service's workers this is, from 0 on; 0 without a supervisor, too. */
  public int slot() {
    return Integer.parseInt(environment("BATON_SLOT", "0"));
  }

  private static String environment(String name, String otherwise) {
    String value = System.getenv(name);
    return value == null ? otherwise : value;
  }

  /**
   * Says that this worker may get clients: its caches are warm, its pools are open. To be said
   * once, after it listens or before. A service whose readiness has {@code probe = "worker"}, or a
   * gate of that type, gives a new worker no client until it has said so; any other service does
   * not ask.
   *
   * <p>Does not wait for the supervisor, unless nothing was bound and {@link #attach()} not called
   * before. When the supervisor is replaced, the next one is told again.
   *
   * @throws IllegalStateException when it was said before: two places in the application believe
   *     that it depends on them alone, and one of them is wrong
   */
  public void ready() {
    if (!ready.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "ready() was called before; call it once, where the last thing is ready");
    }
    if (isSupervised()) {
      AgentBridge.ready();
    } else {
      System.getLogger(Worker.class.getName())
          .log(Level.INFO, "ready, standalone: no supervisor has started this JVM");
    }
  }

  /**
   * Says what this worker does at the moment, such as {@code warming caches, 40 %}. {@code baton
   * status} shows it, and so does the reason when a worker is given up because it did not become
   * ready. May be said at any time, as often as it is worth a message of its own.
   *
   * @param text one line; of a longer one the first 200 characters count. Empty for nothing
   * @throws IllegalArgumentException when it has a line break
   */
  public void status(String text) {
    if (text.lines().count() > 1 || text.endsWith("\n")) {
      throw new IllegalArgumentException("a status is one line: '" + text + "'");
    }
    AgentBridge.status(text.substring(0, Math.min(text.length(), MOST_STATUS)));
  }

  /**
   * A named log. The same object for the same name; it needs no closing.
   *
   * <p>Under a supervisor it is the file that the configuration has under {@code
   * service.….logs.NAME}, which the supervisor rotates. Otherwise it is {@code logs/NAME.log} in
   * the working directory, or what the system property {@code baton.log.NAME} says; folders and
   * file are made.
   *
   * <p>The first call for a name waits for the supervisor's answer, milliseconds and 30 seconds at
   * most.
   *
   * @param name letters, digits, {@code -} and {@code _}
   * @throws IllegalArgumentException when that is no name of a log
   * @throws IOException when the supervisor knows no log of that name, with its words; when it does
   *     not answer; when the file cannot be opened. The next call tries again
   */
  public LogFile logFile(String name) throws IOException {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' is no name of a log");
    }
    synchronized (logs) {
      LogFile log = logs.get(name);
      if (log == null) {
        log = isSupervised() ? AgentBridge.logFile(name) : LogFile.local(name);
        logs.put(name, log);
      }
      return log;
    }
  }
}
