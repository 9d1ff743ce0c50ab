package dev.baton.supervisor.core;

import dev.baton.supervisor.config.Rotation;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A simulated world around the keeping of logs: processes, disks, lost messages, time, the truth of
 * who writes into which file; and what must hold.
 */
final class LogWorld implements LogEdges {
  /** That many lie in the socket of a worker that reads nothing. */
  static final int MOST_ORDERS = 3;

  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;
  private static final long MOVE_TIME = 10 * SECOND;
  private static final long TRY_AGAIN = 10 * SECOND;

  /** A slow rotation or two, an old order that is late, a new one that is late. */
  private static final long LONGEST_REQUEST = 45 * SECOND;

  private static final long QUIET = 60 * SECOND;
  private static final long LONGEST_DEATH = 5 * SECOND;
  private static final int MOST_TURNS = 100_000;
  private static final int REMEMBERED = Integer.getInteger("baton.history", 150);

  private final LogKeeping keeping = new LogKeeping();
  private final Random random;
  private final boolean remembers;
  private final Map<LogId, LogFiles> logs = new LinkedHashMap<>();
  private final Map<WorkerId, LogWriter> writers = new LinkedHashMap<>();
  private final Map<Long, Asked> requests = new HashMap<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
  private final Deque<String> history = new ArrayDeque<>();

  private long now = 5_000 * MILLI;
  private long order;
  private long lastRequest;
  private int rotations;
  private int archives;
  private boolean quiet;

  private record Event(long at, long order, Runnable fact) {}

  /** A request, when it came, and which files it is about. */
  private record Asked(long at, Map<LogFiles, Long> files) {}

  LogWorld(Random random, boolean remembers) {
    this.random = random;
    this.remembers = remembers;
  }

  int rotations() {
    return rotations;
  }

  int archives() {
    return archives;
  }

  long requests() {
    return lastRequest;
  }

  String history() {
    return String.join("\n", history);
  }

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /** Lets things happen, with whatever commands in between. */
  void live(int turns, Runnable commands) {
    for (int i = 0; i < turns; i++) {
      commands.run();
      turn(Long.MAX_VALUE);
    }
  }

  // Commands

  /** Of an open log, or one that was closed and is done with. */
  void open(LogId id, Rotation policy) {
    LogFiles before = logs.get(id);
    if (before == null || (!before.open && !before.rotating && before.isDone())) {
      note("open ", id, " ", policy);
      logs.put(id, new LogFiles(id, policy, now));
      keeping.opened(id, policy, now);
    }
  }

  void configure(LogId id, Rotation policy) {
    LogFiles log = logs.get(id);
    if (log != null && log.open) {
      note("configure ", id, " ", policy);
      log.policy = policy;
      keeping.configured(id, policy);
    }
  }

  /** Whoever asks names logs that are there, or were. */
  void request(List<LogId> which) {
    note("request ", (lastRequest + 1), " ", which);
    Map<LogFiles, Long> files = new LinkedHashMap<>();
    for (LogId id : which) {
      LogFiles log = file(id);
      if (log.open) {
        files.put(log, log.present);
        log.requested |= !log.rotating;
      }
    }
    requests.put(++lastRequest, new Asked(now, files));
    keeping.rotate(lastRequest, which, now);
  }

  void moveAway(LogId id) {
    LogFiles log = file(id);
    if (log.open && !log.rotating) {
      note("move away ", id);
      log.movedAway = true;
    }
  }

  void grow(LogId id, long bytesPerSecond) {
    note(id, " grows by ", bytesPerSecond);
    file(id).grow(bytesPerSecond, now);
  }

  int nextWorker() {
    return writers.size() + 1;
  }

  List<LogId> logs() {
    return List.copyOf(logs.keySet());
  }

  List<WorkerId> workers() {
    return living().map(writer -> writer.id).toList();
  }

  private Stream<LogWriter> living() {
    return writers.values().stream().filter(writer -> !writer.dead);
  }

  /** Starts a worker that writes into these logs from the beginning, into some twice. */
  void spawn(WorkerId id, List<LogId> which) {
    LogWriter writer = new LogWriter(id);
    writers.put(id, writer);
    for (LogId log : which) {
      LogFiles files = file(log);
      if (files.open) {
        writer.has(files, files.present);
        writer.has(files, files.present);
        keeping.given(id, log);
      }
    }
    note("spawn ", id, " with ", which);
    if (chance(85)) {
      later(chance(80) ? 3_000 : 60_000, id + " attaches", () -> attach(writer));
    }
    if (chance(15)) {
      trouble(id + " crashes", () -> die(writer));
    }
    if (chance(12)) {
      trouble(id + " hangs", () -> hang(writer));
    }
    if (chance(8)) {
      trouble(id + " detaches", () -> detach(writer));
    }
  }

  private void trouble(String what, Runnable fact) {
    later(
        60_000,
        what,
        () -> {
          if (!quiet) {
            fact.run();
          }
        });
  }

  private void attach(LogWriter writer) {
    if (writer.dead || writer.isConnected()) {
      return;
    }
    writer.connection++;
    says(
        writer,
        "is attached",
        () -> {
          writer.attachedKnown = true;
          keeping.attached(writer.id);
        });
  }

  /** Only the connection is gone, with what lay in it. */
  private void detach(LogWriter writer) {
    if (!writer.isConnected()) {
      return;
    }
    says(
        writer,
        "is detached",
        () -> {
          writer.attachedKnown = false;
          keeping.detached(writer.id);
        });
    writer.connection++;
    writer.inbox.clear();
    if (chance(50)) {
      later(20_000, writer.id + " attaches again", () -> attach(writer));
    }
  }

  private void hang(LogWriter writer) {
    writer.hung = true;
    if (chance(60)) {
      later(chance(50) ? 5_000 : 60_000, writer.id + " goes on", () -> wake(writer));
    }
  }

  private void wake(LogWriter writer) {
    writer.hung = false;
    while (!writer.inbox.isEmpty()) {
      writer.inbox.remove().run();
    }
  }

  void die(WorkerId id) {
    die(Objects.requireNonNull(writers.get(id)));
  }

  private void die(LogWriter writer) {
    if (writer.dead) {
      return;
    }
    note(writer.id, " dies");
    detach(writer);
    writer.dead = true;
    later(
        chance(90) ? 20 : (int) (LONGEST_DEATH / MILLI),
        writer.id + " is gone",
        () -> gone(writer));
  }

  private void gone(LogWriter writer) {
    writer.goneKnown = true;
    writer.attachedKnown = false;
    keeping.gone(writer.id);
    boolean last =
        writers.values().stream()
            .allMatch(one -> one.goneKnown || !one.id.service().equals(writer.id.service()));
    for (LogFiles log : List.copyOf(logs.values())) {
      boolean removed = last && log.id.service().equals(writer.id.service()) && chance(30);
      if (writer.id.equals(log.id.worker()) || removed) {
        close(log);
      }
    }
  }

  private void close(LogFiles log) {
    if (log.open) {
      note("close ", log);
      log.open = false;
      keeping.closed(log.id);
    }
  }

  /** A worker asks for a log by name, perhaps once more. */
  void ask(WorkerId id, LogId named) {
    LogWriter writer = Objects.requireNonNull(writers.get(id));
    if (writer.dead || writer.hung || !writer.isConnected()) {
      return;
    }
    says(
        writer,
        "asks for " + named,
        () -> {
          LogFiles log = file(named);
          if (log.open && writer.attachedKnown) {
            keeping.given(id, named);
            long present = log.present;
            hears(writer, "is given " + named + " " + present, () -> writer.has(log, present));
          }
        });
  }

  // Time

  /** Plans, performs, then lets the next thing happen: a fact or a deadline. */
  private void turn(long end) {
    perform();
    check(keeping.plan(now).isEmpty(), "a second plan at once is not empty");
    requests.forEach(
        (number, asked) ->
            check(now - asked.at() <= LONGEST_REQUEST, "no answer to request ", number));
    long deadline = keeping.nextDeadline(now);
    Event next = events.peek();
    long until = Math.min(end, next == null ? Long.MAX_VALUE : next.at());
    if (until <= deadline) {
      now = Math.max(now, until);
      if (next != null && next.at() <= now) {
        events.remove();
        next.fact().run();
      }
    } else {
      check(deadline > now, "a deadline that has passed");
      boolean real = deadline - now < Worker.FAR;
      now = deadline - 1;
      check(keeping.plan(now).isEmpty(), "something was due before the deadline");
      now = deadline;
      check(perform() || !real, "nothing was due at the deadline");
    }
  }

  private boolean perform() {
    List<Consumer<LogEdges>> actions = keeping.plan(now);
    actions.forEach(action -> action.accept(this));
    return !actions.isEmpty();
  }

  private void pass(long nanos) {
    long end = now + nanos;
    for (int i = 0; now < end; i++) {
      check(i < MOST_TURNS, "no end of turns");
      turn(end);
    }
    perform();
  }

  private void note(Object... what) {
    if (remembers) {
      history.addLast((now / MILLI) + " " + joined(what));
      if (history.size() > REMEMBERED) {
        history.removeFirst();
      }
    }
  }

  private static void check(boolean holds, Object... what) {
    if (!holds) {
      throw new AssertionError(joined(what));
    }
  }

  private static String joined(Object... what) {
    return Arrays.stream(what).map(String::valueOf).collect(Collectors.joining());
  }

  private long soon(int mostMillis) {
    return now + random.nextInt(mostMillis) * MILLI;
  }

  private void later(int mostMillis, String what, Runnable fact) {
    at(
        soon(mostMillis),
        () -> {
          note(what);
          fact.run();
        });
  }

  private void at(long at, Runnable fact) {
    events.add(new Event(at, order++, fact));
  }

  /** What a worker says arrives in its order, even if it dies meanwhile. */
  private void says(LogWriter writer, String what, Runnable fact) {
    writer.lastSaid = Math.max(writer.lastSaid, soon(chance(90) ? 50 : 1_000));
    at(
        writer.lastSaid,
        () -> {
          if (!writer.goneKnown) {
            note(writer.id, " ", what);
            fact.run();
          }
        });
  }

  /** And so does what it is told, unless the connection breaks; who hangs reads it later. */
  private void hears(LogWriter writer, String what, Runnable then) {
    int connection = writer.connection;
    writer.lastHeard = Math.max(writer.lastHeard, soon(50));
    Runnable heard =
        () -> {
          note(writer.id, " ", what);
          then.run();
        };
    at(
        writer.lastHeard,
        () -> {
          if (writer.dead || writer.connection != connection) {
            return;
          }
          writer.inbox.add(heard);
          if (!writer.hung) {
            wake(writer);
          }
        });
  }

  private LogFiles file(LogId id) {
    return Objects.requireNonNull(logs.get(id));
  }

  // Edges

  @Override
  public void measure(List<LogId> which) {
    for (LogId id : which) {
      LogFiles log = file(id);
      check(log.open, "a look at ", log, ", which is closed");
      at(soon(chance(90) ? 5 : 2_000), () -> look(log));
    }
  }

  private void look(LogFiles log) {
    long file = log.present;
    long size = log.bytes(now);
    boolean movedAway = log.movedAway;
    boolean inPlace = !movedAway && !log.renamed;
    String problem = chance(3) && !quiet ? "no space left on device" : "";
    at(
        soon(chance(90) ? 5 : 2_000),
        () -> {
          if (!inPlace || log.isTooLarge(size)) {
            note(log.id, " has ", size, " bytes", (inPlace ? "" : " elsewhere"));
          }
          boolean current = log.open && file == log.present && !log.rotating;
          log.due |= current && (movedAway || log.isTooLarge(size));
          if (log.open) {
            keeping.measured(log.id, size, inPlace, problem, now);
          }
        });
  }

  @Override
  public void rotate(LogId id) {
    LogFiles log = file(id);
    note("rotate ", log);
    check(log.open, log, " is closed");
    check(!log.rotating, log, " is rotated twice at a time");
    check(log.requested || log.due || log.isTooOld(now), log, " is rotated for no reason");
    check(
        log.requested || log.failedAt == 0 || now - log.failedAt >= TRY_AGAIN,
        log,
        " is tried again at once");
    log.rotating = true;
    log.requested = false;
    log.due = false;
    log.failedAt = 0;
    int most = chance(90) ? 20 : 1_500;
    if (chance(10) && !quiet) {
      later(most, id + " cannot be rotated", () -> fail(log));
    } else {
      later(
          most,
          id + " is renamed",
          () -> {
            log.renamed = true;
            later(most, id + " is rotated", () -> replace(log));
          });
    }
  }

  private void replace(LogFiles log) {
    rotations++;
    log.replaced(now);
    keeping.rotated(log.id, now);
  }

  private void fail(LogFiles log) {
    log.rotating = false;
    log.failedAt = now;
    log.due = true;
    keeping.failed(log.id, "read-only file system", now);
  }

  @Override
  public void move(WorkerId worker, LogId id, long held) {
    LogFiles log = file(id);
    LogWriter writer = Objects.requireNonNull(writers.get(worker));
    note("move ", worker, " from ", held, " of ", log);
    check(log.open, log, " is closed");
    check(writer.attachedKnown, worker, " cannot be told anything");
    check(!log.archived.contains(held) && held < log.present, "a move from ", held, " of ", log);
    NavigableMap<Long, Long> unanswered = writer.unanswered(log);
    check(
        unanswered.values().stream().allMatch(at -> now - at >= MOVE_TIME),
        worker,
        " is told twice at a time");
    check(unanswered.size() < MOST_ORDERS, worker, " is told more, though it answers nothing");
    long to = log.present;
    writer.told(log, to, now);
    hears(writer, "is told of " + to + " of " + id, () -> obey(writer, log, held, to));
  }

  private void obey(LogWriter writer, LogFiles log, long from, long to) {
    int fate = quiet ? 100 : random.nextInt(100);
    if (fate < 4) {
      note("  and forgets it");
      return;
    }
    boolean refuses = fate < 10;
    writer.replace(log, from, to, () -> !refuses || chance(50));
    check(!writer.writesIntoArchive(log), writer.id, " moves to an archived file of ", log);
    if (refuses) {
      says(writer, "refuses " + to + " of " + log.id, () -> refused(writer, log));
    } else if (fate >= 12) {
      says(writer, "has moved to " + to + " of " + log.id, () -> moved(writer, log, to));
    }
  }

  private void moved(LogWriter writer, LogFiles log, long to) {
    writer.unanswered(log).headMap(to, true).clear();
    keeping.moved(writer.id, log.id, to);
  }

  private void refused(LogWriter writer, LogFiles log) {
    writer.unanswered(log).pollFirstEntry();
    keeping.refused(writer.id, log.id, "EBADF");
  }

  @Override
  public void archive(LogId id, long number) {
    LogFiles log = file(id);
    note("archive ", number, " of ", log);
    archives++;
    check(log.archived.add(number), number, " is archived twice: ", log);
    check(number < log.present, "the present file is archived: ", log);
    living()
        .forEach(
            writer ->
                check(
                    !writer.writesInto(log, number),
                    writer.id,
                    " writes into the archived file ",
                    number,
                    " of ",
                    log));
  }

  @Override
  public void warn(LogId id, String problem) {
    LogFiles log = file(id);
    note("warn: ", problem);
    LogWriter writer =
        writers.values().stream()
            .filter(one -> problem.startsWith(one.id + " "))
            .findFirst()
            .orElseThrow();
    check(writer.warned(log), "a warning too many: ", problem);
  }

  @Override
  public void answer(long request, LogRotation result) {
    note("answer ", request, " ", result);
    Asked asked = requests.remove(request);
    check(asked != null, "a second answer to request ", request);
    Objects.requireNonNull(asked).files().forEach((log, before) -> check(log, before, result));
  }

  private void check(LogFiles log, long before, LogRotation result) {
    boolean rotated = result.rotated().contains(log.id);
    check(!rotated || log.present > before, log, " was not rotated");
    if (log.open && result.problems().isEmpty()) {
      check(rotated, log, " was not rotated, and nobody says why");
      living()
          .filter(writer -> writer.attachedKnown)
          .forEach(
              writer ->
                  check(
                      writer.oldest(log) > before,
                      writer.id,
                      " has not moved, and nobody says so"));
    }
  }

  // The end

  /** Nothing goes wrong any more: what is left is moved and archived, and then everybody ends. */
  void end() {
    note("quiet");
    quiet = true;
    logs.values().forEach(log -> log.grow(0, now));
    logs().forEach(log -> configure(log, withoutAge(file(log).policy)));
    living().forEach(this::wake);
    pass(QUIET);
    check(requests.isEmpty(), "requests without an answer: ", requests.keySet());
    logs.values().stream().filter(log -> log.open).forEach(this::checkFresh);
    living().filter(one -> !one.attachedKnown || one.answersNothing()).toList().forEach(this::die);
    request(logs());
    pass(QUIET);
    logs.values().stream().filter(log -> log.open).forEach(this::checkSettled);
    living().toList().forEach(this::die);
    pass(LONGEST_DEATH);
    List.copyOf(logs.values()).forEach(this::close);
    pass(SECOND);
    check(requests.isEmpty(), "requests without an answer: ", requests.keySet());
    logs.values().forEach(log -> check(log.isDone(), "not everything is archived: ", log));
    check(keeping.all().isEmpty() && keeping.status().isEmpty(), "a log is left");
  }

  private static Rotation withoutAge(Rotation policy) {
    return new Rotation(policy.maxBytes(), Duration.ZERO, 10, 0, Duration.ZERO, true);
  }

  private void checkFresh(LogFiles log) {
    check(!log.movedAway && !log.isTooLarge(log.bytes(now)), log, " should have been rotated");
  }

  private void checkSettled(LogFiles log) {
    check(!log.rotating && log.isDone(), "not everything is archived: ", log);
    checkFresh(log);
    living()
        .forEach(
            writer ->
                check(writer.oldest(log) >= log.present, writer.id, " has not moved to ", log));
    keeping.status().stream()
        .filter(status -> status.id().equals(log.id))
        .forEach(status -> check(status.condition().isEmpty(), "something is wrong: ", status));
  }
}
