package dev.baton.supervisor.loop;

import dev.baton.supervisor.config.Durations;
import dev.baton.supervisor.core.Generation;
import dev.baton.supervisor.core.Snapshot;
import dev.baton.supervisor.core.Supervision;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.process.Launcher;
import dev.baton.supervisor.process.Processes;
import dev.baton.supervisor.takeover.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The first moments of a supervisor that follows another one: which of its workers live, and which
 * of them have come back with what they hold. On the loop.
 */
public final class Takeover {
  /**
   * A worker looks for its supervisor twice a second at least; the rest is for one that is stopped
   * by a signal, or for a host that has too much to do.
   */
  static final long PATIENCE = 10_000_000_000L;

  private final @Nullable State before;

  // Mutable state
  private boolean over;
  private final Set<WorkerId> awaited = new LinkedHashSet<>();
  private final List<Inbox.Fact> later = new ArrayList<>();
  private long beganAt;
  private int workers;
  private int listeners;

  /**
   * Has not begun.
   *
   * @param before what the other one has left; null when there was none, and so nothing to take
   */
  Takeover(@Nullable State before) {
    this.before = before;
    this.over = before == null;
  }

  /** Whether all is back that will come back. */
  boolean isOver() {
    return over;
  }

  /** The identity of this run of the host: after another one no process is what it was. */
  public static String boot() throws IOException {
    return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
  }

  /**
   * What was decided, with what can be seen of the processes now: one that was about to be started
   * either was, or never will be.
   */
  static Snapshot found(State before, Function<WorkerId, String> tokens) throws IOException {
    Snapshot record = before.supervision();
    boolean sameBoot = before.boot().equals(boot());
    List<IOException> failed = new ArrayList<>();
    Snapshot found =
        record.with(
            one -> {
              if (one.rootPid() != 0) {
                return one;
              }
              try {
                long pid = sameBoot ? root(tokens.apply(one.id())) : 0;
                return pid == 0 ? null : one.startedAs(pid);
              } catch (IOException e) {
                failed.add(e);
                return null;
              }
            });
    if (!failed.isEmpty()) {
      throw failed.get(0);
    }
    return found;
  }

  /** The process that was started with that token; 0 if none was. */
  private static long root(String token) throws IOException {
    List<Long> all = Processes.withVariable(Launcher.TOKEN, token);
    for (long pid : all) {
      long parent =
          ProcessHandle.of(pid).flatMap(ProcessHandle::parent).map(ProcessHandle::pid).orElse(0L);
      if (!all.contains(parent)) {
        return pid;
      }
    }
    return 0;
  }

  /** Learns of all workers there were, and so for whom to wait. */
  void begin(Supervision supervision, LiveEdges edges) throws IOException {
    State known = before;
    if (known == null) {
      return;
    }
    State valid = known.boot().equals(boot()) ? known : null;
    for (Snapshot.OfService service : known.supervision().services()) {
      edges.takeOver(service);
    }
    for (Snapshot.OfService service : supervision.snapshot().services()) {
      for (Snapshot.OfWorker one : service.workers()) {
        int number = one.id().generation();
        Generation launched =
            new Generation(number, Objects.requireNonNull(service.launched(number)));
        if (!edges.adopt(one, launched, valid)) {
          supervision.workerExited(one.id(), 0);
        } else if (one.attached() && !one.state().isEnding()) {
          awaited.add(one.id());
        }
      }
    }
  }

  /** They can come from now on. */
  void waitsFrom(long now) {
    beganAt = now;
  }

  /** When to go on without those who have not come. */
  long deadline() {
    return beganAt + PATIENCE;
  }

  /** Whether everybody has come who lives. */
  boolean isComplete() {
    return awaited.isEmpty();
  }

  /** Not before all is back: the address may be about to be offered. */
  void defer(Inbox.Fact bind) {
    later.add(bind);
  }

  void tookBackListener() {
    listeners++;
  }

  void cameBack(WorkerId worker) {
    if (awaited.remove(worker)) {
      workers++;
    }
  }

  /** It has died, or hung up: it may come once more, but nobody waits for that. */
  void died(WorkerId worker) {
    awaited.remove(worker);
  }

  /** Goes on with those who are there; returns what is to be told about it. */
  String end(Supervision supervision, long now) {
    over = true;
    for (WorkerId silent : awaited) {
      supervision.workerLost(silent, now);
    }
    String line =
        "took back "
            + count(workers, "worker")
            + ", "
            + count(listeners, "listener")
            + " of the supervisor before, pid "
            + (before == null ? 0 : before.pid())
            + ", in "
            + Durations.print(now - beganAt);
    return awaited.isEmpty() ? line : line + "; not there in time: " + awaited;
  }

  private static String count(int n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }

  /** What was put off. */
  List<Inbox.Fact> deferred() {
    return List.copyOf(later);
  }
}
