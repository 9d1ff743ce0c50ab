package dev.baton.supervisor.core;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.Rotation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which logs there are, when each gets a new file, and when nobody writes into an old one any more.
 * Facts say what happened; {@link #plan} decides; time is an argument. Belongs to the loop.
 *
 * <p>A file is told by its number, from 1 for the first one of its log.
 */
public final class LogKeeping {
  // Mutable state
  private final Map<LogId, KeptLog> logs = new LinkedHashMap<>();
  private final Set<WorkerId> attached = new HashSet<>();
  private final List<Asked> requests = new ArrayList<>();

  /** A rotation somebody waits for, and the files that are to be replaced. */
  private record Asked(long request, Map<KeptLog, Long> numbers) {}

  // Facts

  /** A log has been opened; its first file is there. */
  public void opened(LogId log, Rotation policy, long now) {
    logs.put(log, new KeptLog(log, policy, now));
  }

  /** It is rotated by another policy from now on. */
  public void configured(LogId log, Rotation policy) {
    with(log, kept -> kept.setPolicy(policy));
  }

  /**
   * Nobody writes into it any more, and nobody will. The next plan archives its old files; not to
   * be opened again before.
   */
  public void closed(LogId log) {
    with(log, KeptLog::close);
  }

  /** Whether any worker was given it that is not gone. */
  public boolean isHeld(LogId log) {
    KeptLog kept = open(log);
    return kept != null && kept.isHeld();
  }

  private @Nullable KeptLog open(LogId log) {
    KeptLog kept = logs.get(log);
    return kept == null || kept.isClosed() ? null : kept;
  }

  /** A worker was given the present file, besides those it has; it keeps it until it is moved. */
  public void given(WorkerId worker, LogId log) {
    with(log, kept -> kept.heldBy(worker));
  }

  /**
   * A worker was given that file by another supervisor.
   *
   * @param number below all there have been, 0 or less
   */
  public void reclaimed(WorkerId worker, LogId log, long number) {
    with(log, kept -> kept.heldBy(worker, number));
  }

  /** It can be told something. */
  public void attached(WorkerId worker) {
    attached.add(worker);
  }

  /** It can be told nothing any more, but may go on writing. */
  public void detached(WorkerId worker) {
    attached.remove(worker);
  }

  public void gone(WorkerId worker) {
    attached.remove(worker);
    logs.values().forEach(kept -> kept.gone(worker));
  }

  /**
   * A log was looked at.
   *
   * @param inPlace whether its path still leads to it: somebody may have moved or removed it
   * @param problem why it cannot be written; empty when it can
   */
  public void measured(LogId log, long bytes, boolean inPlace, String problem, long now) {
    with(log, kept -> kept.measured(bytes, inPlace, problem, now));
  }

  /** There is a new file at its path. Matters even if the log was closed meanwhile. */
  public void rotated(LogId log, long now) {
    KeptLog kept = logs.get(log);
    if (kept != null) {
      kept.rotated(now);
    }
  }

  /** There is no new file; the present one goes on. */
  public void failed(LogId log, String reason, long now) {
    KeptLog kept = logs.get(log);
    if (kept != null) {
      kept.rotationFailed(reason, now);
    }
  }

  /** The worker confirms the order to write into the file of that number. */
  public void moved(WorkerId worker, LogId log, long number) {
    with(log, kept -> kept.moved(worker, number));
  }

  /** The worker could not do what it was told. */
  public void refused(WorkerId worker, LogId log, String reason) {
    with(log, kept -> kept.refused(worker, worker + " cannot move to the new file: " + reason));
  }

  private void with(LogId log, Consumer<KeptLog> fact) {
    KeptLog kept = open(log);
    if (kept != null) {
      fact.accept(kept);
    }
  }

  // Commands

  /** The logs of a service. */
  public ImmutableList<LogId> of(String service) {
    return open()
        .map(KeptLog::id)
        .filter(log -> log.service().equals(service))
        .collect(ImmutableList.toImmutableList());
  }

  /** All logs. */
  public ImmutableList<LogId> all() {
    return open().map(KeptLog::id).collect(ImmutableList.toImmutableList());
  }

  private Stream<KeptLog> open() {
    return logs.values().stream().filter(kept -> !kept.isClosed());
  }

  /** Gives these logs new files; {@link LogEdges#answer} tells when every worker has moved. */
  public void rotate(long request, List<LogId> which, long now) {
    Map<KeptLog, Long> numbers = new LinkedHashMap<>();
    for (LogId log : which) {
      with(
          log,
          kept -> {
            numbers.put(kept, kept.number());
            kept.want(now);
          });
    }
    requests.add(new Asked(request, numbers));
  }

  // The plan

  /** What to do now. Called again at once, it returns nothing. */
  public List<Consumer<LogEdges>> plan(long now) {
    List<Consumer<LogEdges>> decided = new ArrayList<>();
    List<LogId> due = new ArrayList<>();
    for (KeptLog kept : logs.values()) {
      kept.plan(attached, now, decided::add);
      if (kept.isLookDue(now)) {
        kept.look();
        due.add(kept.id());
      }
    }
    logs.values().removeIf(KeptLog::isOver);
    if (!due.isEmpty()) {
      decided.add(edges -> edges.measure(due));
    }
    answer(decided);
    return decided;
  }

  private void answer(List<Consumer<LogEdges>> decided) {
    for (Iterator<Asked> all = requests.iterator(); all.hasNext(); ) {
      Asked asked = all.next();
      if (asked.numbers().entrySet().stream()
          .allMatch(one -> isOver(one.getKey(), one.getValue()))) {
        all.remove();
        LogRotation result = result(asked);
        decided.add(edges -> edges.answer(asked.request(), result));
      }
    }
  }

  private boolean isOver(KeptLog kept, long before) {
    return kept.isClosed()
        || kept.isPast(before, attached)
        || (kept.hasFailed() && kept.number() == before);
  }

  private static LogRotation result(Asked asked) {
    ImmutableList.Builder<LogId> rotated = ImmutableList.builder();
    ImmutableList.Builder<String> problems = ImmutableList.builder();
    asked
        .numbers()
        .forEach(
            (kept, before) -> {
              if (!kept.isClosed() && kept.number() > before) {
                rotated.add(kept.id());
              }
              if (!kept.isClosed() && !kept.trouble().isEmpty()) {
                problems.add(kept.trouble());
              }
            });
    return new LogRotation(rotated.build(), problems.build());
  }

  /** When to plan again if no fact comes before. */
  public long nextDeadline(long now) {
    long wait = Worker.FAR;
    for (KeptLog kept : logs.values()) {
      wait = Math.min(wait, kept.nextDeadline(now) - now);
    }
    return now + Math.max(0, wait);
  }

  /** A picture for other threads. */
  public ImmutableList<LogStatus> status() {
    return open().map(KeptLog::status).collect(ImmutableList.toImmutableList());
  }
}
