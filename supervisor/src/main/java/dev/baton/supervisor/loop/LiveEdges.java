package dev.baton.supervisor.loop;

import com.google.common.collect.ImmutableMap;
import dev.baton.channel.Connection;
import dev.baton.channel.Connection.Received;
import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.Launch;
import dev.baton.supervisor.config.WarmUp;
import dev.baton.supervisor.core.Edges;
import dev.baton.supervisor.core.Face;
import dev.baton.supervisor.core.Figures;
import dev.baton.supervisor.core.Generation;
import dev.baton.supervisor.core.Memory;
import dev.baton.supervisor.core.Outcome;
import dev.baton.supervisor.core.Snapshot;
import dev.baton.supervisor.core.Supervision;
import dev.baton.supervisor.core.Transition;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.core.WorkerState;
import dev.baton.supervisor.process.EndWatch;
import dev.baton.supervisor.process.Faces;
import dev.baton.supervisor.process.Gates;
import dev.baton.supervisor.process.Launcher;
import dev.baton.supervisor.process.LogWatch;
import dev.baton.supervisor.process.Processes;
import dev.baton.supervisor.process.SharedFaces;
import dev.baton.supervisor.process.Start;
import dev.baton.supervisor.process.StartupArchives.Choice;
import dev.baton.supervisor.process.Streams;
import dev.baton.supervisor.process.Tokens;
import dev.baton.supervisor.process.WarmUpRun;
import dev.baton.supervisor.process.Weight;
import dev.baton.supervisor.resource.Evidence;
import dev.baton.supervisor.resource.Label;
import dev.baton.supervisor.resource.Leases;
import dev.baton.supervisor.resource.ListenerTable;
import dev.baton.supervisor.resource.ListenerTable.Held;
import dev.baton.supervisor.resource.ListenerTable.Place;
import dev.baton.supervisor.takeover.State;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Carries the actions out. Everything here runs on the loop, but for what blocks. */
final class LiveEdges implements Edges {
  private static final Logger LOG = System.getLogger(LiveEdges.class.getName());
  private static final int LAST_LINES = 20;

  /** What a slow disk has not done by then, the next supervisor does. */
  private static final long FILES_SECONDS = 10;

  private final Launcher launcher;
  private final Tokens<WorkerId> tokens;
  private final ListenerTable<WorkerId> listeners;
  private final Leases leases;
  private final StoreErrands errands;
  private final @Nullable Path evidence;
  private final Executor diagnosers;
  private final Logs logs;
  private final Copies copies;
  private final Archives archives;
  private final Weights weights;
  private final ExecutorService probes;
  private final List<ExecutorService> lastThings;
  private final Chronicle announcer;
  private final Inbox inbox;
  private final Supervision supervision;
  private final Takeover takeover;
  private final Map<WorkerId, WorkerHandle> workers = new HashMap<>();
  private final Map<String, Set<String>> keptListeners = new HashMap<>();
  private final Map<WorkerId, String> gone = new LinkedHashMap<>();
  private final List<Outcome> outcomes = new ArrayList<>();
  private @Nullable Diagnoses diagnoses;

  LiveEdges(
      Resources resources,
      Copies copies,
      Logs logs,
      Chronicle announcer,
      Inbox inbox,
      Supervision supervision,
      Takeover takeover) {
    this.takeover = takeover;
    this.launcher = resources.launcher();
    this.tokens = resources.tokens();
    this.listeners = resources.listeners();
    this.leases = resources.leases();
    this.logs = logs;
    this.copies = copies;
    this.archives = new Archives(resources.artifacts(), launcher, resources.archives(), this::tell);
    this.weights = new Weights(this::tell);
    this.probes = resources.probes();
    this.lastThings =
        List.of(resources.diagnoses(), resources.files(), resources.logs(), resources.archives());
    this.announcer = announcer;
    this.inbox = inbox;
    this.supervision = supervision;
    this.errands = new StoreErrands(resources.store(), resources.files(), inbox, this::send);
    this.evidence = resources.evidence();
    this.diagnosers = resources.diagnoses();
  }

  @Override
  public void prepare(String service, Generation generation, Set<WorkerId> beside) {
    List<Long> pids = new ArrayList<>();
    for (WorkerId id : beside) {
      WorkerHandle worker = workers.get(id);
      if (worker != null) {
        pids.add(worker.jvm() == 0 ? worker.process().pid() : worker.jvm());
      }
    }
    int number = generation.number();
    copies.prepare(
        generation,
        pids,
        new Copies.Prepared() {
          @Override
          public void done(Memory memory) {
            inbox.post(now -> supervision.prepared(service, number, memory));
          }

          @Override
          public void failed(String reason) {
            inbox.post(now -> supervision.preparationFailed(service, number, reason, now));
          }
        });
  }

  @Override
  public void compare(Generation generation) {
    String service = generation.config().name();
    int number = generation.number();
    copies.compare(
        generation,
        difference -> inbox.post(now -> supervision.compared(service, number, difference)));
  }

  @Override
  public void discard(String service, int generation) {
    copies.discard(service, generation);
  }

  @Override
  public void spawn(WorkerId id, Generation generation, boolean gently) {
    weights.prepare();
    Launch launch = copies.launch(generation);
    Choice archive = archives.choose(generation, launch);
    try (Streams streams = streams(id, generation)) {
      Process process =
          launcher.start(
              new Start(
                  launch,
                  archive.options(),
                  tokens.tokenOf(id),
                  heldPaths(),
                  gently ? weights.lowered() : Weight.FULL,
                  streams,
                  id.service(),
                  id.generation(),
                  id.slot(),
                  reason(id),
                  addresses(generation),
                  generation.config().failure().orphan().toMillis(),
                  generation.config().timing().linger().toMillis(),
                  generation.config().timing().stop().toMillis()));
      tokens.expect(id, process.pid());
      WorkerHandle worker = WorkerHandle.of(id, generation, process, logs.ownOutput(id));
      workers.put(id, worker);
      if (!gently) { // that lowers all of it
        weights.lower(worker.optimizer());
      }
      inbox.post(now -> supervision.workerSpawned(id, process.pid(), archive.use()));
      var unused =
          process
              .onExit()
              .thenAccept(p -> inbox.post(now -> supervision.workerExited(id, p.exitValue())));
    } catch (IOException e) {
      // As a fact like any other: the loop plans after facts, not after what it does itself.
      inbox.post(now -> supervision.spawnFailed(id, "could not be started: " + e.getMessage()));
    }
  }

  private String reason(WorkerId id) {
    if (supervision.isStandby(id)) {
      return "standby";
    }
    if (id.attempt() > 1) {
      return "replacement";
    }
    return supervision.isRestarting(id.service()) ? "restart" : "start";
  }

  private static List<String> addresses(Generation generation) {
    return generation.config().listeners().stream()
        .map(listener -> listener.name() + "=" + listener.address())
        .toList();
  }

  /** A log that cannot be opened keeps nobody from serving. */
  private Streams streams(WorkerId id, Generation generation) {
    try {
      return logs.streams(id, generation.config());
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the output of " + id + " is discarded: " + e.getMessage());
      return Streams.to(ProcessBuilder.Redirect.DISCARD, null);
    }
  }

  private List<String> heldPaths() {
    return listeners.addresses().stream().filter(Address::isUnix).map(Address::path).toList();
  }

  @Override
  public void probe(WorkerId id, Face face) {
    WorkerHandle worker = workers.get(id);
    if (worker == null) {
      return;
    }
    Gates gates = worker.gates();
    Map<Address, SocketAddress> addresses = listeners.privateAddresses(id);
    Faces faces =
        face == Face.PRIVATE
            ? new Faces(addresses, listeners.privateQueues(id))
            : Faces.of(shared(addresses));
    probes.execute(
        () -> {
          Gates.Result result = gates.tryAll(faces);
          inbox.post(
              now -> supervision.probed(id, result.passed(), result.detail(), result.nanos(), now));
        });
  }

  private Map<Address, SocketAddress> shared(Map<Address, SocketAddress> addresses) {
    Map<Address, SocketAddress> shared = new LinkedHashMap<>();
    for (Held held : listeners.held()) {
      if (addresses.containsKey(held.address())) {
        shared.put(held.address(), SharedFaces.reach(held.address(), held.v6only()));
      }
    }
    return shared;
  }

  @Override
  public void warmUp(WorkerId id, WarmUp how) {
    WorkerHandle worker = workers.get(id);
    if (worker == null) {
      return;
    }
    endBoot(id, worker);
    WarmUpRun.Listener listener =
        new WarmUpRun.Listener() {
          @Override
          public void progress(String words) {
            inbox.post(now -> supervision.warmingUp(id, words, now));
          }

          @Override
          public void over(boolean passed, String words) {
            inbox.post(now -> supervision.warmedUp(id, passed, words, now));
          }
        };
    try {
      Map<Address, SocketAddress> faces = listeners.privateAddresses(id);
      worker.warmUp(WarmUpRun.start(how, faces, worker.jvm(), listener));
    } catch (IOException e) {
      listener.over(true, "not warmed up: " + e.getMessage());
    }
  }

  @Override
  public void endWarmUp(WorkerId id) {
    WorkerHandle worker = workers.get(id);
    if (worker != null) {
      worker.warmUp(null);
    }
  }

  @Override
  public void raise(WorkerId id) {
    WorkerHandle worker = workers.get(id);
    if (worker != null) {
      weights.raise(
          worker.process(),
          worker.jvm(),
          trouble -> inbox.post(now -> supervision.raised(id, trouble, now)));
    }
  }

  @Override
  public void searchOutput(WorkerId id, String pattern) {
    WorkerHandle worker = workers.get(id);
    LogWatch watch = worker == null ? null : worker.watch(pattern);
    if (watch != null) {
      probes.execute(() -> search(id, watch));
    }
  }

  private void search(WorkerId id, LogWatch watch) {
    String match = null;
    try {
      match = watch.look();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot search the output of " + id + ": " + e.getMessage());
    }
    String found = match;
    inbox.post(now -> supervision.outputSearched(id, found));
  }

  @Override
  public void switchTo(WorkerId id, Face face) {
    order(id, switching(face));
  }

  private void endBoot(WorkerId id, WorkerHandle worker) {
    if (worker.endBoot()) {
      raiseOptimizer(id, worker);
    }
  }

  private void raiseOptimizer(WorkerId id, WorkerHandle worker) {
    weights.raise(
        worker.optimizer(),
        worker.jvm(),
        trouble -> tell(id + ": its compiler has a lower weight still: " + trouble));
  }

  @Override
  public void drain(WorkerId id, long nanos) {
    long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
    order(id, switching(Face.PRIVATE).with("drain-millis", millis));
  }

  private static Message switching(Face face) {
    return Message.of(Verb.SWITCH).with("face", face.name().toLowerCase(Locale.ROOT));
  }

  @Override
  public void countConnections(WorkerId id) {
    order(id, Message.of(Verb.COUNT));
  }

  @Override
  public void ping(WorkerId id) {
    tell(id, Message.of(Verb.PING));
  }

  /** What it answers is of no consequence. */
  private void tell(WorkerId id, Message message) {
    WorkerHandle worker = workers.get(id);
    try {
      if (worker != null) {
        worker.send(message);
      }
    } catch (IOException e) {
      // Silence is what it will be taken for.
    }
  }

  @Override
  public void makeArchive(WorkerId id) {
    WorkerHandle worker = workers.get(id);
    if (worker != null) {
      archives.make(id, copies.launch(worker.generation()), worker.jvm());
    }
  }

  @Override
  public void setArchiveAside(WorkerId id, String reason) {
    archives.setAside(id, reason);
  }

  @Override
  public void diagnose(WorkerId id, WorkerState in, @Nullable Figures figures) {
    String occasion = in.name().toLowerCase(Locale.ROOT);
    if (!diagnose(id, figures, occasion, (result, now) -> supervision.diagnosed(id, now))) {
      tell(id, Message.of(Verb.DUMP)); // into its log, at least
    }
  }

  /** Returns whether it is possible; if not, nobody is told. */
  boolean diagnose(WorkerId id, @Nullable Figures figures, String occasion, Diagnoses.Done done) {
    WorkerHandle worker = workers.get(id);
    Diagnoses possible = diagnoses();
    if (worker == null || possible == null) {
      return false;
    }
    possible.begin(subject(id, worker, figures), occasion, done);
    return true;
  }

  /** Null when there is no place for them. Made when needed: most supervisors never do. */
  private @Nullable Diagnoses diagnoses() {
    if (diagnoses == null && evidence != null) {
      Evidence place = new Evidence(evidence);
      diagnoses = new Diagnoses(place, diagnosers, inbox, this::send, announcer::note);
    }
    return diagnoses;
  }

  private Diagnoses.Subject subject(WorkerId id, WorkerHandle worker, @Nullable Figures figures) {
    int kept = worker.generation().config().failure().evidence();
    return new Diagnoses.Subject(
        id, worker.process(), worker.jvm(), logs.output(id), figures, kept);
  }

  @Override
  public void keepRemains(WorkerId id, String reason) {
    WorkerHandle worker = workers.get(id);
    Diagnoses possible = diagnoses();
    if (worker == null || possible == null) {
      return; // it has never been started, or there is no place
    }
    Set<Long> others = new HashSet<>();
    workers.forEach(
        (other, its) -> {
          if (!other.equals(id)) {
            others.add(its.process().pid());
            others.add(its.jvm());
          }
        });
    possible.keepRemains(
        subject(id, worker, null), reason, logs.lastLinesLater(id, Diagnoses.LAST_LINES), others);
  }

  private void order(WorkerId id, Message message) {
    WorkerHandle worker = workers.get(id);
    try {
      if (worker != null) {
        worker.order(message);
      }
    } catch (IOException e) {
      inbox.post(now -> supervision.orderFailed(id, String.valueOf(e.getMessage()), now));
    }
  }

  @Override
  public void terminate(WorkerId id) {
    WorkerHandle worker = workers.get(id);
    try {
      if (worker != null) {
        String signal = worker.generation().config().timing().stopSignal();
        Processes.signal(worker.process(), worker.jvm(), signal);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot stop " + id + ": " + e.getMessage());
    }
  }

  @Override
  public void kill(WorkerId id) {
    WorkerHandle worker = workers.get(id);
    if (worker != null) {
      Processes.kill(worker.process(), worker.jvm());
    }
  }

  @Override
  public void forget(WorkerId id) {
    tokens.forget(id);
    WorkerHandle worker = workers.remove(id);
    logs.gone(id);
    try {
      listeners.forget(id);
      if (worker != null) {
        worker.warmUp(null);
        worker.close();
      }
      closeUnneeded(id.service());
    } catch (IOException e) {
      LOG.log(Level.WARNING, "could not close all that was held for " + id, e);
    }
    gone.put(id, id.service());
    inbox.post(now -> forgetOutputs(id.service()));
  }

  /** Not before the outcome is told: the last lines of who failed long before are part of it. */
  private void forgetOutputs(String service) {
    if (!supervision.isRestarting(service)) {
      gone.entrySet().stream()
          .filter(entry -> entry.getValue().equals(service))
          .forEach(entry -> logs.forget(entry.getKey()));
      gone.values().removeIf(service::equals);
    }
  }

  @Override
  public void closeListeners(String service, Set<String> kept) {
    keptListeners.put(service, Set.copyOf(kept));
    try {
      closeUnneeded(service);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "could not close a listener of " + service, e);
    }
  }

  @Override
  public void closeSlot(String service, int slot) {
    try {
      listeners.closeSlot(new Place(service, slot));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "could not close the sockets of slot " + slot + " of " + service, e);
    }
  }

  /** A worker may have bound what it has not told yet: that stays until the worker is gone. */
  private void closeUnneeded(String service) throws IOException {
    Set<String> kept = keptListeners.get(service);
    if (kept == null) {
      return;
    }
    for (Held held : listeners.held()) {
      boolean ours = held.service().equals(service);
      if (ours && !kept.contains(held.address().toString()) && !isGranted(held.address())) {
        listeners.close(service, held.address());
      }
    }
  }

  private boolean isGranted(Address address) {
    return workers.keySet().stream().anyMatch(id -> listeners.hasGranted(id, address));
  }

  /** From now on all that is opened is wanted again. */
  void reopened(String service) {
    keptListeners.remove(service);
  }

  @Override
  public void announce(Transition transition) {
    logs.mark(transition);
    announcer.announce(transition);
  }

  private void tell(String line) {
    inbox.post(now -> announcer.tell(line));
  }

  @Override
  public void finish(Outcome outcome) {
    outcomes.add(outcome);
  }

  /** Not before the status shows it: whoever is answered may ask for that next. */
  void tellOutcomes() {
    for (Outcome outcome : outcomes) {
      announcer.finish(outcome, lastLines(outcome));
      inbox.post(now -> forgetOutputs(outcome.service()));
    }
    outcomes.clear();
  }

  /** What the worker whose failure ended the restart has written last. */
  List<String> lastLines(Outcome outcome) {
    WorkerId failed = outcome.failed();
    return failed == null ? List.of() : logs.lastLines(failed, LAST_LINES);
  }

  // What another supervisor has left

  /** What it knew of a service. */
  void takeOver(Snapshot.OfService service) {
    keptListeners.put(service.name(), service.listeners());
  }

  /**
   * A worker that another supervisor has started.
   *
   * @param before what that supervisor knew; null when the host has been started since
   * @return whether it lives
   */
  boolean adopt(Snapshot.OfWorker record, Generation generation, @Nullable State before)
      throws IOException {
    WorkerId id = record.id();
    if (before == null) {
      return false;
    }
    WorkerHandle worker = find(record, generation, before);
    if (worker == null) {
      return false;
    }
    workers.put(id, worker);
    weights.prepare();
    if (!record.attached()) {
      tokens.expect(id, record.rootPid());
    }
    long jvm = record.attached() ? record.pid() : record.rootPid();
    tokens.expectAgain(id, jvm, record.attached() ? startOf(jvm, before) : 0);
    awaitEnd(id, worker);
    if (!generation.config().gentleStart()) {
      raiseOptimizer(id, worker); // who has lowered it is gone; and once more when it has booted
    }
    return true;
  }

  private static long startOf(long pid, State before) {
    return before.started().getOrDefault(Long.toString(pid), 0L);
  }

  private @Nullable WorkerHandle find(
      Snapshot.OfWorker record, Generation generation, State before) {
    long root = record.rootPid();
    long since = startOf(root, before);
    // One that was started a moment before the end is known by its token alone.
    since = since == 0 && !record.attached() ? Processes.startedAt(root) : since;
    long jvm = record.attached() ? record.pid() : root;
    for (long pid : new long[] {root, jvm}) {
      long expected = pid == root ? since : startOf(jvm, before);
      ProcessHandle process = ProcessHandle.of(pid).orElse(null);
      if (process != null && expected != 0 && Processes.startedAt(pid) == expected) {
        Path output = logs.resume(record.id(), generation.config());
        WorkerHandle worker =
            WorkerHandle.adopted(record.id(), generation, process, expected, output);
        if (record.attached()) {
          worker.knownAs(jvm, startOf(jvm, before));
        }
        return worker;
      }
    }
    return null;
  }

  /**
   * Nobody but the kernel tells when a process ends that is not our child: looks again and again.
   */
  private void awaitEnd(WorkerId id, WorkerHandle worker) {
    EndWatch.start(worker::isAlive, () -> inbox.post(now -> ended(id, worker)));
  }

  private void ended(WorkerId id, WorkerHandle worker) {
    if (workers.get(id) == worker) {
      supervision.workerExited(id, 0);
      takeover.died(id);
    }
  }

  // What workers do

  /**
   * Somebody has attached.
   *
   * @param again whether it was attached before, here or to another supervisor: it offers what it
   *     holds before it says anything else
   */
  void attached(WorkerId id, long pid, boolean again, Connection connection, long now) {
    WorkerHandle worker = workers.get(id);
    if (worker == null || worker.isAttached()) {
      closeQuietly(connection);
      return;
    }
    worker.attached(pid, connection);
    logs.keeping().attached(id);
    if (!again) {
      supervision.workerAttached(id, pid, now);
    }
  }

  void detached(WorkerId id, Connection connection) {
    closeQuietly(connection);
    WorkerHandle worker = workers.get(id);
    if (worker != null && worker.detached(connection)) {
      logs.keeping().detached(id);
      supervision.workerDetached(id);
      if (worker.isAdopted()) {
        awaitEnd(id, worker);
      }
    }
  }

  /** A worker has sent something. Its mistake costs its connection. */
  void received(WorkerId id, Received received, long now) {
    Message message = received.message();
    WorkerHandle worker = workers.get(id);
    if (worker == null) {
      received.closeDescriptors();
      return;
    }
    if (message.is(Verb.BIND) && !takeover.isOver()) {
      takeover.defer(later -> received(id, received, later));
      return;
    }
    try {
      supervision.heard(id);
      if (message.is(Verb.REOFFER) || message.is(Verb.REATTACHED)) {
        new Offers(id, worker, listeners, logs).take(received, takeover);
      } else if (isAboutDump(message)) {
        received.closeDescriptors();
        if (diagnoses != null) {
          diagnoses.answered(id, message);
        }
      } else if (StoreErrands.isOne(message)) {
        errands.run(id, worker.generation().config().store(), received);
      } else {
        received.closeDescriptors();
        new WorkerMessages(id, worker, listeners, leases, logs, supervision).handle(message, now);
        if (message.is(Verb.SWITCHED)) {
          endBoot(id, worker); // not while it is switched: raising takes processors, too
        }
      }
      if (message.is(Verb.REATTACHED)) {
        supervision.workerReattached(
            id, worker.jvm(), worker.offered(), worker.isSwitchable(), worker.mayAccept(), now);
        takeover.cameBack(id);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, id + ": " + e.getMessage() + "; closing its connection");
      closeQuietly(worker::close);
    }
  }

  private static boolean isAboutDump(Message message) {
    return message.is(Verb.DUMPED) || message.text("verb", "").equals(Verb.DUMP.name());
  }

  /** What is known at this moment of who has which descriptors. */
  Audit audit(List<String> folders, List<String> ownFiles) {
    List<Audit.Owner> owners = new ArrayList<>();
    owners.add(new Audit.Owner(Audit.SUPERVISOR, "", ProcessHandle.current().pid()));
    Map<String, Audit.Item> items = new LinkedHashMap<>();
    ownFiles.forEach(file -> items.put(file, new Audit.Item("state", file, "")));
    listeners
        .targets()
        .forEach(
            (target, held) ->
                items.put(
                    target, new Audit.Item("listener", held.address().toString(), held.service())));
    int attached = 0;
    for (Map.Entry<WorkerId, WorkerHandle> one : workers.entrySet()) {
      WorkerId id = one.getKey();
      WorkerHandle worker = one.getValue();
      attached += worker.isAttached() ? 1 : 0;
      if (worker.jvm() != 0) {
        owners.add(new Audit.Owner(id.toString(), id.service(), worker.jvm()));
      }
      listeners
          .targets(id)
          .forEach(
              (target, address) ->
                  items.put(target, new Audit.Item("private", address.toString(), id.toString())));
    }
    logs.addTo(items);
    addLeases(items);
    errands.addTo(items);
    return new Audit(owners, items, folders, attached);
  }

  private void addLeases(Map<String, Audit.Item> items) {
    try {
      for (Label lease : leases.all()) {
        String path = leases.path(lease).toString();
        items.put(path, new Audit.Item("lease", lease.toString(), lease.service()));
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot look for leases", e); // those there are will not be known
    }
  }

  /** When the processes of all workers were started, by pid. */
  ImmutableMap<String, Long> starts() {
    Map<String, Long> starts = new HashMap<>();
    workers.values().forEach(worker -> worker.addStarts(starts));
    return ImmutableMap.copyOf(starts);
  }

  /** Closes everything at the end. */
  void close() throws IOException, InterruptedException {
    probes.shutdownNow();
    archives.close();
    logs.closeAll();
    try {
      for (ExecutorService one : lastThings) {
        one.shutdown();
      }
      boolean done = true;
      for (ExecutorService one : lastThings) {
        done &= one.awaitTermination(FILES_SECONDS, TimeUnit.SECONDS);
      }
      if (!done) {
        LOG.log(Level.WARNING, "some files were not removed or compressed in time");
      }
    } finally {
      errands.close();
      listeners.close();
    }
  }

  /** Sends what the worker answers when it has done it. */
  void send(WorkerId id, Message message, FileDescriptor... descriptors) throws IOException {
    WorkerHandle worker = workers.get(id);
    if (worker == null) {
      throw new IOException("it is gone");
    }
    worker.send(message, descriptors);
  }

  private static void closeQuietly(Closeable connection) {
    try {
      connection.close();
    } catch (IOException e) {
      // It is given up anyway.
    }
  }
}
