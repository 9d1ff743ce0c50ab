package dev.baton.supervisor.loop;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.core.Operation;
import dev.baton.supervisor.core.Operation.Step;
import dev.baton.supervisor.core.Outcome;
import dev.baton.supervisor.core.RestartRecord;
import dev.baton.supervisor.core.RestartRecord.Asker;
import dev.baton.supervisor.core.RestartRecord.Kind;
import dev.baton.supervisor.core.RestartRecord.Phase;
import dev.baton.supervisor.core.RestartRecord.Release;
import dev.baton.supervisor.core.RestartRecord.Result;
import dev.baton.supervisor.core.Transition;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.resource.History;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hears what everybody hears, and writes the history from it. Runs on the loop; the file is written
 * on another thread.
 */
final class Chronicle implements Announcer {
  private static final Logger LOG = System.getLogger(Chronicle.class.getName());

  private final @Nullable History history;
  private final Executor thread;
  private final Copies copies;
  private final Announcer others;

  // Mutable state
  private final Map<Long, Begun> operations = new HashMap<>();
  private final Map<String, List<Phase>> phases = new HashMap<>();
  private final Map<String, Set<String>> evidence = new HashMap<>();
  private final Map<String, Integer> serving = new HashMap<>();

  /** An operation, and since when its present step runs. */
  private static final class Begun {
    private final Operation operation;
    private final Asker asker;
    private final boolean isReload;
    private Instant since = Instant.now();
    private int position;

    private Begun(Operation operation, Asker asker, boolean isReload) {
      this.operation = operation;
      this.asker = asker;
      this.isReload = isReload;
    }

    /** As somebody asked for it: the steps of a reload are its own, whatever each of them does. */
    private Kind kind(Step step) {
      return isReload ? Kind.RELOAD : Chronicle.kind(step);
    }
  }

  /**
   * Has heard nothing yet.
   *
   * @param history null when there is no place for it
   * @param thread writes it
   */
  Chronicle(@Nullable History history, Executor thread, Copies copies, Announcer others) {
    this.history = history;
    this.thread = thread;
    this.copies = copies;
    this.others = others;
  }

  void begin(Operation operation, Asker asker) {
    begin(operation, new Begun(operation, asker, false));
  }

  void beginReload(Operation operation, Asker asker) {
    begin(operation, new Begun(operation, asker, true));
  }

  /** Another supervisor has begun it; who asked for it has lost its connection. */
  void resume(Operation operation, int position) {
    Begun begun = new Begun(operation, Asker.POLICY, false);
    begun.position = position;
    begin(operation, begun);
  }

  /** What serves, by another supervisor's word. */
  void resume(String service, int generation) {
    serving.put(service, generation);
  }

  private void begin(Operation operation, Begun begun) {
    operations.put(operation.id(), begun);
    operation.steps().forEach(step -> phases.put(step.service(), new ArrayList<>()));
  }

  /**
   * What is known of a worker is, or will be in a moment, in that folder.
   *
   * @param died why, if that is why it is known; else empty
   */
  void note(WorkerId worker, Path folder, String died) {
    others.tell("what is known of " + worker + " is in " + folder);
    if (phases.containsKey(worker.service())) {
      evidence.computeIfAbsent(worker.service(), s -> new TreeSet<>()).add(folder.toString());
    } else if (history != null && !died.isEmpty()) {
      recordCrash(history, worker, folder, died);
    }
  }

  /** Nobody had asked for anything. What is done about it begins at once. */
  private void recordCrash(History file, WorkerId worker, Path folder, String died) {
    Instant now = Instant.now();
    write(
        file,
        () -> {
          Release release = release(worker.service(), worker.generation());
          return new RestartRecord(
              file.nextId(),
              worker.service(),
              Kind.CRASH,
              Asker.POLICY,
              "",
              release,
              release,
              now,
              0,
              Result.FAILED,
              worker + " " + died,
              ImmutableList.of(),
              ImmutableList.of(folder.toString()));
        });
  }

  @Override
  public void announce(Transition transition) {
    others.announce(transition);
    List<Phase> heard = phases.get(transition.worker().service());
    if (heard != null) {
      heard.add(
          new Phase(
              transition.worker().toString(),
              transition.state().name().toLowerCase(Locale.ROOT),
              transition.reason(),
              transition.sinceNanos()));
    }
  }

  @Override
  public void tell(String line) {
    others.tell(line);
  }

  @Override
  public void finish(Outcome outcome, List<String> output) {
    others.finish(outcome, output);
    String service = outcome.service();
    Begun begun = operations.get(outcome.operation());
    if (begun != null && !service.isEmpty()) {
      record(begun, outcome, serving.getOrDefault(service, 0));
      begun.position++;
      begun.since = Instant.now();
    }
    if (!service.isEmpty()) {
      serving.put(service, outcome.generation());
    }
    if (outcome.last()) {
      operations.remove(outcome.operation());
      // What was allocated for it would stay for days: an idle supervisor never collects, and the
      // heap grows before it is collected. It takes some milliseconds, and nobody waits for us now.
      later(System::gc);
    }
  }

  private void record(Begun begun, Outcome outcome, int before) {
    History file = history;
    List<Phase> heard = phases.remove(outcome.service());
    Set<String> seen = evidence.remove(outcome.service());
    if (file == null || begun.position >= begun.operation.steps().size()) {
      return;
    }
    Step step = begun.operation.steps().get(begun.position);
    Instant since = begun.since;
    ImmutableList<Phase> all = heard == null ? ImmutableList.of() : ImmutableList.copyOf(heard);
    ImmutableList<String> known = seen == null ? ImmutableList.of() : ImmutableList.copyOf(seen);
    write(
        file,
        () ->
            new RestartRecord(
                file.nextId(),
                outcome.service(),
                begun.kind(step),
                begun.asker,
                step.strategy() == null ? "" : words(step.strategy().name()),
                release(outcome.service(), before),
                release(outcome.service(), outcome.target()),
                since,
                outcome.nanos(),
                result(outcome),
                outcome.reason(),
                all,
                known));
  }

  /** Reads what was copied, if nobody has asked before: on the thread that writes. */
  private Release release(String service, int generation) {
    return generation == 0
        ? Release.NONE
        : new Release(generation, copies.version(service, generation));
  }

  private void write(History file, Supplier<RestartRecord> record) {
    later(
        () -> {
          try {
            file.add(record.get());
          } catch (IOException e) {
            LOG.log(Level.WARNING, "could not write the history: " + e.getMessage());
          }
        });
  }

  private void later(Runnable work) {
    try {
      thread.execute(work);
    } catch (RejectedExecutionException e) {
      // The very end; what is written no more is the stop itself.
    }
  }

  private static Kind kind(Step step) {
    return switch (step.kind()) {
      case START, RESET -> Kind.START;
      case STOP, REMOVE -> Kind.STOP;
      case RESTART, PROMOTE -> Kind.RESTART;
      case ROLLBACK -> Kind.ROLLBACK;
      case SCALE -> Kind.SCALE;
    };
  }

  private static Result result(Outcome outcome) {
    if (outcome.success()) {
      return Result.SUCCEEDED;
    }
    return outcome.reason().contains("; returned to ") ? Result.ROLLED_BACK : Result.FAILED;
  }

  private static String words(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
