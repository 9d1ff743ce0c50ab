package dev.baton.supervisor.loop;

import dev.baton.channel.Connection;
import dev.baton.protocol.Message;
import dev.baton.supervisor.core.Generation;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.process.Gates;
import dev.baton.supervisor.process.LogWatch;
import dev.baton.supervisor.process.Optimizer;
import dev.baton.supervisor.process.Processes;
import dev.baton.supervisor.process.WarmUpRun;
import dev.baton.supervisor.process.Word;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the loop holds of one worker: its process, and its connection once it has attached. */
final class WorkerHandle {
  private final WorkerId id;
  private final Generation generation;
  private final ProcessHandle process;
  private final long startedAt;
  private final boolean adopted;
  private final @Nullable Path output;
  private final Word word = new Word();
  private final Optimizer optimizer;

  // Mutable state, touched on the loop only
  private @Nullable Connection connection;
  private @Nullable Gates gates;
  private @Nullable LogWatch watch;
  private @Nullable WarmUpRun warmUp;
  private long jvm;
  private long jvmStartedAt;
  private final Set<String> offered = new HashSet<>();
  private boolean switchable = true;
  private boolean accepts;
  private boolean boots = true;
  private long lastOrder;

  private WorkerHandle(
      WorkerId id,
      Generation generation,
      ProcessHandle process,
      long startedAt,
      boolean adopted,
      @Nullable Path output) {
    this.id = id;
    this.generation = generation;
    this.process = process;
    this.startedAt = startedAt;
    this.adopted = adopted;
    this.output = output;
    this.optimizer = new Optimizer(process.pid());
  }

  /** Of a process that was just started. */
  static WorkerHandle of(
      WorkerId id, Generation generation, Process process, @Nullable Path output) {
    long startedAt = Processes.startedAt(process.pid());
    return new WorkerHandle(id, generation, process.toHandle(), startedAt, false, output);
  }

  /**
   * Of one that another supervisor has started.
   *
   * @param process what it was started as, or its JVM if only that is left
   */
  static WorkerHandle adopted(
      WorkerId id,
      Generation generation,
      ProcessHandle process,
      long startedAt,
      @Nullable Path output) {
    return new WorkerHandle(id, generation, process, startedAt, true, output);
  }

  /** Whether nobody tells us its exit status. */
  boolean isAdopted() {
    return adopted;
  }

  /** Its JVM, as another supervisor has known it. */
  void knownAs(long pid, long since) {
    jvm = pid;
    jvmStartedAt = since;
  }

  /** Whether anything of it lives. */
  boolean isAlive() {
    return lives(process.pid(), startedAt) || (jvm != 0 && lives(jvm, jvmStartedAt));
  }

  private static boolean lives(long pid, long since) {
    return since != 0 && Processes.startedAt(pid) == since;
  }

  /** Adds what tells its processes from all others: when they were started, by pid. */
  void addStarts(Map<String, Long> starts) {
    starts.put(Long.toString(process.pid()), startedAt);
    if (jvm != 0) {
      starts.put(Long.toString(jvm), jvmStartedAt);
    }
  }

  Generation generation() {
    return generation;
  }

  ProcessHandle process() {
    return process;
  }

  /** The pid of the JVM that attached; 0 before. */
  long jvm() {
    return jvm;
  }

  Optimizer optimizer() {
    return optimizer;
  }

  /** Its boot is over. Returns whether that is new. */
  boolean endBoot() {
    boolean booted = boots;
    boots = false;
    return booted;
  }

  /** What it says of itself. */
  Word word() {
    return word;
  }

  /** The same gates at every try: they know what they have read. One try at a time. */
  Gates gates() {
    if (gates == null) {
      Gates.Subject subject = new Gates.Subject(id.toString(), jvm, output, word);
      gates = new Gates(generation.config().readiness().gates(), subject);
    }
    return gates;
  }

  /**
   * Looks for that pattern in all it writes; null without a file. Not only from now on: what it
   * complained of between being switched on and our first look counts as well.
   */
  @Nullable LogWatch watch(String pattern) {
    if (watch == null && output != null) {
      watch = LogWatch.fromTheStart(output, Pattern.compile(pattern));
    }
    return watch;
  }

  /** Takes the place of the one before, which is ended; null for none. */
  void warmUp(@Nullable WarmUpRun next) {
    if (warmUp != null) {
      warmUp.end();
    }
    warmUp = next;
  }

  void attached(long pid, Connection made) {
    jvm = pid;
    jvmStartedAt = Processes.startedAt(pid);
    connection = made;
    offered.clear();
    switchable = true;
    accepts = false;
  }

  boolean isAttached() {
    return connection != null;
  }

  /** Returns whether that was its connection. */
  boolean detached(Connection ended) {
    if (connection != ended) {
      return false;
    }
    connection = null;
    return true;
  }

  /** It holds a listener; what all it offers comes to is known when nothing more is offered. */
  void offers(String listener, boolean listens, boolean canSwitch, boolean shared) {
    if (listens) {
      offered.add(listener);
      switchable &= canSwitch;
      accepts |= shared;
    }
  }

  Set<String> offered() {
    return Set.copyOf(offered);
  }

  boolean isSwitchable() {
    return switchable;
  }

  boolean mayAccept() {
    return accepts;
  }

  /** Sends a small frame; the peer's buffer has room, because it has answered all before. */
  void send(Message message, FileDescriptor... descriptors) throws IOException {
    if (connection == null) {
      throw new IOException("not attached");
    }
    connection.send(message, descriptors);
  }

  /** Sends an order in place of the one before, whose answer is of no interest any more. */
  void order(Message order) throws IOException {
    lastOrder++;
    send(order.with("id", lastOrder));
  }

  /** Whether another order was given after the one this answers. */
  boolean isLate(Message answer) {
    String id = answer.text("id", "");
    return !id.isEmpty() && !id.equals(Long.toString(lastOrder));
  }

  void close() throws IOException {
    if (connection != null) {
      connection.close();
    }
  }
}
