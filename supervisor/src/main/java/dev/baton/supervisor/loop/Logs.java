package dev.baton.supervisor.loop;

import com.google.common.collect.ImmutableList;
import dev.baton.jdk.Descriptors;
import dev.baton.protocol.Message;
import dev.baton.supervisor.config.LogConfig;
import dev.baton.supervisor.config.OutputConfig;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.config.SupervisorLog;
import dev.baton.supervisor.core.LogId;
import dev.baton.supervisor.core.LogKeeping;
import dev.baton.supervisor.core.LogRotation;
import dev.baton.supervisor.core.LogStatus;
import dev.baton.supervisor.core.Transition;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.core.WorkerState;
import dev.baton.supervisor.process.Streams;
import dev.baton.supervisor.resource.HeldLog;
import dev.baton.supervisor.resource.LogArchives;
import dev.baton.supervisor.resource.LogPaths;
import dev.baton.supervisor.resource.LogTail;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The logs that are open: opens them, gives them to workers, closes them. On the loop. */
final class Logs {
  /** The supervisor's own. */
  private static final LogId OWN = new LogId("", "supervisor", null);

  /** What tells who wrote the lines before and after. */
  private static final Set<WorkerState> MARKED =
      EnumSet.of(WorkerState.STARTING, WorkerState.SERVING, WorkerState.DRAINING, WorkerState.GONE);

  private static final Logger LOG = System.getLogger(Logs.class.getName());

  /** How the kernel shows a file that has no name any more. */
  private static final String DELETED = " (deleted)";

  private final Path state;
  private final LogKeeping keeping = new LogKeeping();
  private final LogErrands errands;
  private final Executor writer;
  private final Archiver archiver;
  private final LongSupplier clock;

  // Mutable state
  private final Map<LogId, OpenLog> open = new LinkedHashMap<>();
  private final Map<WorkerId, Beginning> beginnings = new HashMap<>();
  private long lastRequest;

  /** Where the output of a worker begins. */
  private record Beginning(LogId log, long number, long offset) {}

  /** Sends a worker something; fails if it cannot be told anything. */
  interface Sender {
    void send(WorkerId worker, Message message, FileDescriptor... descriptors) throws IOException;
  }

  /**
   * Has opened nothing yet.
   *
   * @param state what relative paths are relative to
   * @param writer one thread, for what a slow disk can hold up
   * @param archives one thread, for what takes longer
   * @param clock the loop's
   */
  Logs(
      Path state,
      Executor writer,
      Executor archives,
      Inbox inbox,
      LongSupplier clock,
      Sender sender) {
    this.state = state;
    this.writer = writer;
    this.archiver = new Archiver(archives);
    this.clock = clock;
    this.errands = new LogErrands(this, keeping, writer, inbox, sender);
  }

  // Opening and closing

  /**
   * Opens what the workers of these services share and is not open yet: all or nothing.
   *
   * @return what was opened
   */
  List<LogId> open(Iterable<ServiceConfig> services) throws IOException {
    List<LogId> opened = new ArrayList<>();
    try {
      for (ServiceConfig service : services) {
        for (LogConfig log : service.allLogs()) {
          LogId id = new LogId(service.name(), log.name(), null);
          if (!log.isPerWorker() && !open.containsKey(id)) {
            open(id, log);
            opened.add(id);
          }
          archiver.begin(place(id, log));
        }
      }
      return opened;
    } catch (IOException e) {
      opened.forEach(this::close);
      throw e;
    }
  }

  /** Opens the supervisor's own. */
  void openOwn(SupervisorLog own) throws IOException {
    LogConfig config = config(own);
    open(OWN, config);
    archiver.begin(place(OWN, config));
  }

  /** What differs holds from now on. */
  void configureOwn(SupervisorLog own) {
    OpenLog log = open.get(OWN);
    if (log != null) {
      reconfigure(OWN, log, config(own));
    }
  }

  private static LogConfig config(SupervisorLog own) {
    return new LogConfig(OWN.name(), own.path(), own.rotation());
  }

  private OpenLog open(LogId id, LogConfig config) throws IOException {
    Path path = path(config, id.worker());
    archiver.opens(path);
    HeldLog file;
    try {
      file = HeldLog.open(path);
    } catch (IOException e) {
      archiver.closed(path);
      throw e;
    }
    OpenLog log = new OpenLog(config, file);
    open.put(id, log);
    keeping.opened(id, config.rotation(), clock.getAsLong());
    return log;
  }

  /** What differs in another configuration of these services holds from now on. */
  void configure(Iterable<ServiceConfig> services) {
    for (ServiceConfig service : services) {
      for (LogConfig config : service.allLogs()) {
        open.forEach(
            (id, log) -> {
              boolean same = id.service().equals(service.name()) && id.name().equals(config.name());
              // Workers of before may share what each of the new ones has of its own.
              if (same && config.isPerWorker() == (id.worker() != null)) {
                reconfigure(id, log, config);
              }
            });
      }
    }
  }

  private void reconfigure(LogId id, OpenLog log, LogConfig config) {
    boolean moves = !log.config().path().equals(config.path());
    log.setConfig(config);
    keeping.configured(id, config.rotation());
    if (moves && id.worker() == null) {
      keeping.rotate(0, List.of(id), clock.getAsLong());
    }
  }

  void close(LogId id) {
    OpenLog log = open.remove(id);
    keeping.closed(id);
    if (log != null) {
      closeLater(log.file());
      if (id.worker() == null) {
        archiver.closed(log.file().path());
      }
      log.archives().forEach(archive -> archiver.left(place(id, log.config()), archive));
    }
  }

  /** After what is still to be written into it. */
  void closeLater(HeldLog file) {
    writer.execute(
        () -> {
          try {
            file.close();
          } catch (IOException e) {
            // It is closed all the same.
          }
        });
  }

  /**
   * Closes logs of services that are not there any more, once nobody writes into them.
   *
   * @return whether none is left
   */
  boolean closeUnneeded(Set<String> services) {
    boolean done = true;
    for (LogId id : List.copyOf(open.keySet())) {
      boolean unknown = !id.equals(OWN) && !services.contains(id.service());
      if (unknown && !keeping.isHeld(id)) {
        close(id);
      }
      done &= !unknown || !open.containsKey(id);
    }
    return done;
  }

  /** Closes everything. */
  void closeAll() {
    List.copyOf(open.keySet()).forEach(this::close);
  }

  // Workers

  /** Where a new worker writes. */
  Streams streams(WorkerId worker, ServiceConfig config) throws IOException {
    if (config.output().to() != OutputConfig.To.FILE) {
      return config.output().to() == OutputConfig.To.INHERIT
          ? Streams.inherited()
          : Streams.journal(worker.service());
    }
    LogConfig output = Objects.requireNonNull(config.outputLog());
    LogConfig error = config.errorLog();
    OpenLog out = give(worker, output);
    OpenLog err = error == null ? out : give(worker, error);
    beginnings.put(worker, new Beginning(idOf(worker, output), out.number(), out.file().bytes()));
    return Streams.to(out.file().redirect(), err == out ? null : err.file().redirect());
  }

  /** A log the worker has asked for by its name; null when there is none of that name. */
  @Nullable OpenLog give(WorkerId worker, String name, ServiceConfig config) throws IOException {
    for (LogConfig log : config.logs()) {
      if (log.name().equals(name)) {
        return give(worker, log);
      }
    }
    return null;
  }

  /** What a worker may ask for. */
  static String names(ServiceConfig config) {
    return config.logs().isEmpty()
        ? "the configuration has no [service." + config.name() + ".logs.NAME]"
        : "there are: " + String.join(", ", config.logs().stream().map(LogConfig::name).toList());
  }

  /** A worker of another supervisor; returns the file only it writes its output into, if any. */
  @Nullable Path resume(WorkerId worker, ServiceConfig config) {
    LogConfig output = config.outputLog();
    try {
      if (output != null) {
        LogId id = idOf(worker, output);
        OpenLog log = open.get(id);
        OpenLog known = log == null ? open(id, output) : log;
        beginnings.put(worker, new Beginning(id, known.number(), known.file().bytes()));
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot open the log of " + worker + ": " + e.getMessage());
    }
    return ownOutput(worker);
  }

  /**
   * A worker of another supervisor has a file of a log: the present one, or one that was being
   * replaced. What is none of ours is left alone.
   *
   * @param descriptor is closed: the file can be opened by its path, or is an archive
   */
  void reclaim(WorkerId worker, String name, FileDescriptor descriptor, ServiceConfig config)
      throws IOException {
    try {
      LogConfig log = configOf(name, config);
      if (log == null) {
        return; // its stdout is not ours, or it had the log from an older configuration
      }
      int number = Descriptors.number(descriptor);
      String identity = Descriptors.file(number);
      LogId id = idOf(worker, log);
      OpenLog known = open.get(id);
      OpenLog now = known == null ? open(id, log) : known;
      if (identity.equals(now.file().identity())) {
        keeping.given(worker, id);
        return;
      }
      Path where = Path.of(Descriptors.target(number));
      boolean archived = place(id, log).archives().all().contains(where);
      if (archived || where.toString().endsWith(DELETED)) {
        archiver.opens(where);
        keeping.reclaimed(worker, id, now.reclaim(identity, archived ? where : null));
      }
    } finally {
      Descriptors.close(descriptor);
    }
  }

  /** What a worker means by that name, which it can only guess for its stdout and stderr. */
  private static @Nullable LogConfig configOf(String name, ServiceConfig config) {
    LogConfig error = config.errorLog();
    if (name.equals(LogConfig.OUTPUT) || (name.equals(LogConfig.ERROR) && error == null)) {
      return config.outputLog();
    }
    if (name.equals(LogConfig.ERROR)) {
      return error;
    }
    return config.logs().stream().filter(one -> one.name().equals(name)).findFirst().orElse(null);
  }

  private OpenLog give(WorkerId worker, LogConfig config) throws IOException {
    LogId id = idOf(worker, config);
    OpenLog log = open.get(id);
    OpenLog given = log == null ? open(id, config) : log;
    keeping.given(worker, id);
    return given;
  }

  private static LogId idOf(WorkerId worker, LogConfig config) {
    return new LogId(worker.service(), config.name(), config.isPerWorker() ? worker : null);
  }

  /** The log of that name the worker writes into. */
  LogId idOf(WorkerId worker, String name) {
    LogId own = new LogId(worker.service(), name, worker);
    return open.containsKey(own) ? own : new LogId(worker.service(), name, null);
  }

  /** The file only this worker writes into; null when others do as well. */
  @Nullable Path ownOutput(WorkerId worker) {
    OpenLog log = open.get(new LogId(worker.service(), LogConfig.OUTPUT, worker));
    return log == null ? null : log.file().path();
  }

  /** The last lines of a worker's output, or of what was written since it began to write. */
  List<String> lastLines(WorkerId worker, int most) {
    return lastLinesLater(worker, most).get();
  }

  /** The same for whoever reads them on another thread. */
  Supplier<List<String>> lastLinesLater(WorkerId worker, int most) {
    Beginning beginning = beginnings.get(worker);
    OpenLog log = beginning == null ? null : open.get(beginning.log());
    if (beginning == null || log == null) {
      return List::of;
    }
    long from = beginning.number() == log.number() ? beginning.offset() : 0;
    Path path = log.file().path();
    return () -> LogTail.lastLines(path, from, most);
  }

  /** The file a worker writes its output into, with others or alone; null when it is none. */
  @Nullable Path output(WorkerId worker) {
    Beginning beginning = beginnings.get(worker);
    OpenLog log = beginning == null ? null : open.get(beginning.log());
    return log == null ? null : log.file().path();
  }

  void gone(WorkerId worker) {
    keeping.gone(worker);
    open.forEach(
        (id, log) -> {
          if (id.worker() == null && id.service().equals(worker.service())) {
            archiver.lookAgain(place(id, log.config()));
          }
        });
  }

  /** The worker is gone, and nobody asks for its last lines any more. */
  void forget(WorkerId worker) {
    beginnings.remove(worker);
    for (LogId id : List.copyOf(open.keySet())) {
      if (worker.equals(id.worker())) {
        OpenLog log = open.get(id);
        close(id);
        if (log != null) {
          archiver.left(place(id, log.config()), log.file().path());
        }
      }
    }
  }

  // Archives

  Archiver archiver() {
    return archiver;
  }

  /** What all archives of it have in common. */
  Archiver.Place place(LogId id, LogConfig config) {
    Path path = path(config, null);
    LogArchives archives =
        config.isPerWorker()
            ? LogArchives.ofWorkers(path, id.service(), config.rotation())
            : new LogArchives(path, config.rotation());
    return new Archiver.Place(path, archives, config.rotation());
  }

  /** Where it should be, by its present configuration. */
  Path pathOf(LogId id, OpenLog log) {
    return path(log.config(), id.worker());
  }

  private Path path(LogConfig config, @Nullable WorkerId worker) {
    return LogPaths.resolve(state, config, worker == null ? null : worker.toString());
  }

  /** Every file that is open or written into, by its path, and whose it is. */
  void addTo(Map<String, Audit.Item> items) {
    open.forEach(
        (id, log) -> {
          String owner = id.worker() == null ? id.service() : id.worker().toString();
          items.put(log.file().path().toString(), new Audit.Item("log", id.name(), owner));
          log.archives()
              .forEach(
                  archive ->
                      items.put(archive.toString(), new Audit.Item("archive", id.name(), owner)));
        });
  }

  @Nullable OpenLog get(LogId id) {
    return open.get(id);
  }

  // Lines of ours

  /** Says in the output of a service what one of its workers does. */
  void mark(Transition transition) {
    if (!MARKED.contains(transition.state())) {
      return;
    }
    WorkerId worker = transition.worker();
    OpenLog log = open.get(idOf(worker, LogConfig.OUTPUT));
    if (log != null) {
      String state = transition.state().name().toLowerCase(Locale.ROOT);
      append(log, LogTail.mark(worker + " " + state + ": " + transition.reason()));
    }
  }

  /** Writes into the supervisor's own. */
  void note(String line) {
    OpenLog log = open.get(OWN);
    if (log != null) {
      append(log, line);
    }
  }

  private void append(OpenLog log, String line) {
    HeldLog file = log.file();
    writer.execute(
        () -> {
          try {
            file.append(line);
          } catch (IOException e) {
            // A full disk shows in the status of the log; the lines of workers are lost like ours.
          }
        });
  }

  // The keeping

  LogErrands errands() {
    return errands;
  }

  LogKeeping keeping() {
    return keeping;
  }

  /** Does what is due. */
  void plan(long now) {
    keeping.plan(now).forEach(action -> action.accept(errands));
  }

  /** Gives the logs of these services new files, and tells when their workers use them. */
  void rotate(List<String> services, Consumer<Rotated> told) {
    List<LogId> which = new ArrayList<>();
    for (LogId id : keeping.all()) {
      if (services.isEmpty() || services.contains(id.service())) {
        which.add(id);
      }
    }
    long request = ++lastRequest;
    errands.expect(request, result -> told.accept(rotated(result)));
    keeping.rotate(request, which, clock.getAsLong());
  }

  private Rotated rotated(LogRotation result) {
    ImmutableList.Builder<Rotated.Row> rows = ImmutableList.builder();
    for (LogId id : result.rotated()) {
      OpenLog log = open.get(id);
      if (log != null) {
        rows.add(new Rotated.Row(id, log.file().path(), log.lastArchive()));
      }
    }
    return new Rotated("", rows.build(), result.problems());
  }

  ImmutableList<ShownLog> shown() {
    ImmutableList.Builder<ShownLog> shown = ImmutableList.builder();
    for (LogStatus status : keeping.status()) {
      OpenLog log = open.get(status.id());
      if (log != null) {
        shown.add(new ShownLog(status, log.file().path()));
      }
    }
    return shown.build();
  }
}
