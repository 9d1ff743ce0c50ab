package dev.baton.worker;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * This JVM, as the supervisor sees it: a worker of a service, or nobody's.
 *
 * <p>One object for the life of the JVM. All methods may be called from any thread.
 */
public final class Worker {
  private static final int MOST_NAME = 40;

  private static final Worker THIS = new Worker();

  /** As much as {@code status} shows of one in a line. */
  private static final int MOST_STATUS = 200;

  private final Map<String, LogFile> logs = new HashMap<>(); // guarded by itself
  private final Set<String> leases = new HashSet<>(); // guarded by itself
  private final Stored stored = new Stored();
  private final AtomicBoolean ready = new AtomicBoolean();
  private final AtomicBoolean introduced = new AtomicBoolean();
  private final Handlers handlers =
      new Handlers(Long.parseLong(environment("BATON_STOP_MILLIS", "10000")));

  private Worker() {}

  /**
   * Connects to the supervisor, unless the first listener was bound before, which does the same.
   * Waits for its answer, milliseconds and 30 seconds at most; later calls do not wait.
   *
   * <p>Never fails. When no supervisor has started this JVM, or another JVM of the same start came
   * first, or the supervisor is not there, this is an ordinary JVM, and says so in one line of its
   * log.
   */
  public static Worker attach() {
    boolean supervised = AgentBridge.attach();
    if (THIS.introduced.compareAndSet(false, true)) {
      THIS.introduce(supervised);
    }
    return THIS;
  }

  private void introduce(boolean supervised) {
    if (supervised) {
      AgentBridge.listen(this::hear);
    } else {
      System.getLogger(Worker.class.getName())
          .log(Level.INFO, "standalone: no supervisor has started this JVM");
      handlers.switchedOn();
    }
  }

  /** What the agent says: see there. */
  private void hear(Object... event) {
    if (event[0].equals("on")) {
      handlers.switchedOn();
    } else if (event[0].equals("drain") && event[1] instanceof Long end) {
      handlers.drain(end);
    }
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

  /**
   * Why this worker was started: {@code start} with its service, or because one more was wanted;
   * {@code restart}, or a roll-back, in place of another generation; {@code replacement} for one of
   * its own generation that died or did not do well; {@code standby} to wait, ready and without
   * clients, until one that serves dies. Empty without a supervisor.
   */
  public String reason() {
    return environment("BATON_REASON", "");
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
   *     that it depends on them alone, and one of them is wrong. And when this worker drains: it is
   *     about to be stopped, so whoever calls should end what it is doing
   */
  public void ready() {
    if (!ready.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "ready() was called before; call it once, where the last thing is ready");
    }
    if (isDraining()) {
      throw new IllegalStateException(
          "this worker drains already and gets no clients any more; end what is being started");
    }
    AgentBridge.ready();
  }

  /**
   * Whether what this worker has accepted is to be finished, and nothing more comes. A server that
   * keeps connections alive should say so with its next answer on each, by {@code Connection:
   * close} or what its protocol has for that, and close none that a client may be writing to.
   *
   * <p>Turns false again when the supervisor takes a drain back, because the next generation did
   * not live. Costs one read of a field: ask it for every request.
   */
  public boolean isDraining() {
    return handlers.isDraining();
  }

  /**
   * Has the handler called when this worker begins to drain; at once if it does already. It is
   * called when the JVM is told to end, too, if there was no drain before; so it is without a
   * supervisor.
   *
   * <p>New connections go to others when it is called; none is refused if it closes the listener.
   * But a worker that has closed its listener cannot be taken back, nor kept for a roll-back: do
   * without where the server can finish its connections otherwise, and ask {@link #isDraining()}.
   *
   * <p>All handlers of this JVM run one after the other, on a thread that is no other's. They may
   * block: the supervisor waits until the last connection has ended or {@link Drain#remaining()} is
   * zero, then stops the JVM, which waits for handlers a little longer, as its configuration has
   * it. What a handler throws is logged. A handler does not end the JVM itself: {@code System.exit}
   * would wait for the handler.
   */
  public void onDrain(Consumer<Drain> handler) {
    handlers.onDrain(handler);
  }

  /**
   * Has the handler called with true when this worker gets clients, at once if it does already, and
   * with false when it does no more: for what only one generation should do, like taking jobs from
   * a queue. Between two generations there is a moment when both are switched on, or in an
   * exclusive restart neither.
   *
   * <p>Without a supervisor it is called with true at once. On which thread: see {@link #onDrain}.
   */
  public void onSwitch(Consumer<Boolean> handler) {
    handlers.onSwitch(handler);
  }

  /**
   * Waits until this JVM is told to end. What has to be done before it ends belongs into {@link
   * #onDrain}: when this returns, the JVM does not wait for the caller any more.
   */
  public void awaitStop() throws InterruptedException {
    handlers.awaitStop();
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
   * A listener by its name. It is where the configuration says under {@code
   * service.….listener.NAME}; or what the system property {@code baton.listener.NAME} says, in the
   * same form, {@code 127.0.0.1:8080}.
   *
   * @throws IllegalArgumentException when neither says anything, or something that is no address
   */
  public Listener listener(String name) {
    String address = addressOf(name);
    if (address == null) {
      throw new IllegalArgumentException(
          "no address for the listener '%s'; %s"
              .formatted(
                  name,
                  isSupervised()
                      ? "add [service." + service() + ".listener." + name + "] to the configuration"
                      : "start this JVM with -Dbaton.listener." + name + "=127.0.0.1:8080"));
    }
    return Listener.parse(name, address);
  }

  /**
   * The same, with a default for where nobody says anything, such as a developer's machine.
   *
   * @param otherwise an address, {@code 8080} or {@code 127.0.0.1:8080}
   */
  public Listener listener(String name, String otherwise) {
    String address = addressOf(name);
    return Listener.parse(name, address == null ? otherwise : address);
  }

  /** Under a supervisor, what it was started with: it decides which addresses there are. */
  private @Nullable String addressOf(String name) {
    // No stream, nor a pattern elsewhere on this way: the first ones cost a starting JVM more than
    // all the rest of it.
    String lines = "\n" + environment("BATON_LISTENERS", "") + "\n";
    String prefix = "\n" + name + "=";
    int start = lines.indexOf(prefix);
    return start < 0
        ? System.getProperty("baton.listener." + name)
        : lines.substring(start + prefix.length(), lines.indexOf('\n', start + 1));
  }

  /**
   * Asks for what one worker of the service may do at a time. While this worker is switched on it
   * waits for the lease; when it has it, {@code begin} is called; when it has to give it up, {@code
   * end}, after which the next worker begins.
   *
   * <pre>
   * Lease lease = worker.lease("scheduler", scheduler::start, scheduler::stopAndWait);
   * </pre>
   *
   * <p>{@code begin} starts the work and returns. {@code end} returns when nothing of it is done
   * any more; it takes from the time the worker has for its drain, or to stop. If {@code begin}
   * throws, that is logged, and the lease is tried for again. If {@code end} throws, the work may
   * go on, so the lease stays with this JVM until that ends. Both are called on the lease's own
   * thread.
   *
   * <p>Without a supervisor this JVM is alone and has every lease at once.
   *
   * <p>Waits for the supervisor's answer, milliseconds and 30 seconds at most, but not for the
   * lease.
   *
   * @param name letters, digits, {@code -} and {@code _}, 40 at most; the same in all workers of
   *     the service
   * @throws IllegalArgumentException when that is no such name
   * @throws IllegalStateException when this JVM has asked for it before
   * @throws IOException when the supervisor does not answer, or refuses, with its words
   */
  public Lease lease(String name, Runnable begin, Runnable end) throws IOException {
    checkName(name, "lease");
    synchronized (leases) {
      if (leases.contains(name)) {
        throw new IllegalStateException(
            "this JVM has asked for the lease '" + name + "' before; keep what lease() returns");
      }
      Lease lease =
          new Lease(
              name, isSupervised() ? new LeaseLock(AgentBridge.leaseFile(name)) : null, begin, end);
      leases.add(name);
      lease.start();
      handlers.onSwitch(lease::switched);
      handlers.hookEnd();
      return lease;
    }
  }

  /**
   * Has bytes kept for the workers of this service that come after this one, or beside it, however
   * this one ends. They replace what was stored under that name.
   *
   * <p>The supervisor keeps as much as {@code store} of the service's configuration allows, 64 MiB
   * and 100 entries unless it says otherwise, for an hour after it was stored last. They outlive
   * the supervisor, too, but not a stop of everything. Without a supervisor they are kept in this
   * JVM.
   *
   * <p>Blocks until they are kept: about a millisecond for a megabyte, 30 seconds at most.
   *
   * @param name letters, digits, {@code -} and {@code _}, 40 at most; all workers of the service
   *     share it. Put {@link #slot()} into it for what is this worker's alone
   * @param bytes copied
   * @throws IllegalArgumentException when that is no such name
   * @throws IOException when there is no room for them, with the figures; when the supervisor does
   *     not answer. What was stored before is then still there
   */
  public void store(String name, byte[] bytes) throws IOException {
    checkName(name, "stored thing");
    stored.store(name, bytes);
  }

  /**
   * The same for a connection: when this worker has died, its peer does not see that, and the next
   * worker goes on where this one was. What both have said to each other belongs into bytes that
   * are stored beside it.
   *
   * <p>The channel stays open, and this worker goes on using it. Closing it here shuts the
   * connection down for everybody if it was registered with a selector; to end it, {@link #discard}
   * it too. An upgrade of the supervisor hands it over; the supervisor's death ends that it is
   * kept.
   *
   * @param connection a TCP connection, of the JDK's own kind of channel
   */
  public void store(String name, SocketChannel connection) throws IOException {
    checkName(name, "stored thing");
    stored.store(name, connection);
  }

  /**
   * What was stored as bytes under that name, by whichever worker of the service; it stays stored.
   *
   * @return empty when there is nothing, or not any more
   * @throws IOException when it is a connection; when the supervisor does not answer
   */
  public Optional<byte[]> restoreBytes(String name) throws IOException {
    checkName(name, "stored thing");
    return Optional.ofNullable(stored.bytes(name));
  }

  /**
   * The connection that was stored under that name, as a new channel in blocking mode, which the
   * caller closes; it stays stored.
   *
   * @return empty when there is nothing, or not any more
   * @throws IOException when it is bytes; when its peer has ended it; when the supervisor does not
   *     answer
   */
  public Optional<SocketChannel> restoreConnection(String name) throws IOException {
    checkName(name, "stored thing");
    return Optional.ofNullable(stored.connection(name));
  }

  /**
   * Has it kept no longer. Does nothing when it is not.
   *
   * @throws IOException when the supervisor does not answer
   */
  public void discard(String name) throws IOException {
    checkName(name, "stored thing");
    stored.discard(name);
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
    checkName(name, "log");
    synchronized (logs) {
      LogFile log = logs.get(name);
      if (log == null) {
        log = isSupervised() ? AgentBridge.logFile(name) : LogFile.local(name);
        logs.put(name, log);
      }
      return log;
    }
  }

  private static void checkName(String name, String what) {
    boolean right = !name.isEmpty() && name.length() <= MOST_NAME;
    for (int i = 0; i < name.length(); i++) {
      right &= isPartOfName(name.charAt(i));
    }
    if (!right) {
      throw new IllegalArgumentException("'" + name + "' is no name of a " + what);
    }
  }

  /** As the configuration has them. */
  private static boolean isPartOfName(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }
}
