package dev.baton.worker;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
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

  private final Map<String, LogFile> logs = new HashMap<>(); // guarded by itself

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
