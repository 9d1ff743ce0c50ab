package dev.baton.supervisor.loop;

import com.google.common.collect.ImmutableList;
import dev.baton.channel.Connection;
import dev.baton.channel.Connection.Received;
import dev.baton.protocol.Message;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.ListenerConfig;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.config.SupervisorLog;
import dev.baton.supervisor.core.Action;
import dev.baton.supervisor.core.LogId;
import dev.baton.supervisor.core.Operation;
import dev.baton.supervisor.core.Operation.Refusal;
import dev.baton.supervisor.core.Operation.Step;
import dev.baton.supervisor.core.Outcome;
import dev.baton.supervisor.core.ReloadPlan;
import dev.baton.supervisor.core.RestartRecord;
import dev.baton.supervisor.core.ServiceStatus;
import dev.baton.supervisor.core.Snapshot;
import dev.baton.supervisor.core.SteadyClock;
import dev.baton.supervisor.core.Supervision;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.core.WorkerStatus;
import dev.baton.supervisor.process.AttachServer;
import dev.baton.supervisor.resource.Label;
import dev.baton.supervisor.resource.ListenerTable.Held;
import dev.baton.supervisor.resource.Preparation;
import dev.baton.supervisor.resource.ResourceException;
import dev.baton.supervisor.takeover.Handover;
import dev.baton.supervisor.takeover.State;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The supervisor's one thread. Takes a fact, lets the supervision record it and plan, carries the
 * plan out. The only place that reads a clock; other threads post facts or read the last status.
 */
public final class SupervisorLoop implements AttachServer.Events<WorkerId> {
  private static final Turn NOBODY =
      new Turn() {
        @Override
        public void after(Status status) {}

        @Override
        public long atMost() {
          return Long.MAX_VALUE;
        }
      };

  private final Inbox inbox = new Inbox();
  private final SteadyClock clock = new SteadyClock();
  private final LongSupplier systemClock;
  private final Supervision supervision;
  private final Resources resources;
  private final Chronicle chronicle;
  private final Logs logs;
  private final LiveEdges edges;
  private final Copies copies;
  private final Takeover takeover;
  private final StateKeeper state;
  private final Announcer announcer;

  // Mutable state, touched on the loop only
  private final Map<String, ServiceConfig> configs = new HashMap<>();
  private long due;
  private long lastOperation;
  private boolean unneeded;
  private Config desired;
  private @Nullable Config pending;
  private boolean reloading;
  private Turn turn = NOBODY;
  private long successor;
  private @Nullable Runnable ready;

  // Written by the loop, read by all
  private volatile Status status;

  /**
   * Starts nothing before it runs.
   *
   * @param endsWithFirstFailure see {@link Supervision}
   */
  public SupervisorLoop(
      Config config, boolean endsWithFirstFailure, Resources resources, Announcer announcer)
      throws IOException {
    this(config, endsWithFirstFailure, resources, announcer, System::nanoTime);
  }

  private SupervisorLoop(
      Config config,
      boolean endsWithFirstFailure,
      Resources resources,
      Announcer announcer,
      LongSupplier systemClock)
      throws IOException {
    this.resources = resources;
    this.systemClock = systemClock;
    this.due = systemClock.getAsLong();
    this.desired = config;
    this.takeover = new Takeover(resources.before());
    this.supervision = supervision(config, endsWithFirstFailure);
    this.copies = new Copies(resources.artifacts(), resources.files());
    this.state = new StateKeeper(resources.stateFile());
    this.chronicle = new Chronicle(resources.history(), resources.files(), copies, announcer);
    this.logs =
        new Logs(
            resources.state(),
            resources.logs(),
            resources.archives(),
            inbox,
            this::now,
            this::send);
    this.edges = new LiveEdges(resources, copies, logs, chronicle, inbox, supervision, takeover);
    this.announcer = announcer;
    this.configs.putAll(config.services());
    resume(resources.before());
    this.status = look(due);
  }

  private Supervision supervision(Config config, boolean endsWithFirstFailure) throws IOException {
    State before = resources.before();
    return before == null
        ? new Supervision(config, endsWithFirstFailure, due)
        : Supervision.resume(
            Takeover.found(before, resources.tokens()::tokenOf),
            before.desired().log(),
            endsWithFirstFailure,
            due);
  }

  /** What of the other supervisor's is not the supervision's. */
  private void resume(@Nullable State before) throws IOException {
    if (before == null) {
      return;
    }
    copies.resume(before.launches());
    for (Handover.Offer offer : resources.handedOver()) {
      if (offer.what().equals(Handover.Offer.STORED)) {
        resources.store().adopt(new Label(offer.service(), offer.name()), offer.descriptor());
      } else {
        reclaim(offer, before);
      }
    }
    // Before anybody can attach: who comes then is known.
    takeover.begin(supervision, edges);
    lastOperation = before.lastOperation();
    for (Snapshot.OfService service : before.supervision().services()) {
      configs.put(service.name(), service.config());
      chronicle.resume(service.name(), service.current());
    }
    for (Snapshot.OfOperation one : before.supervision().operations()) {
      chronicle.resume(one.operation(), one.position());
    }
    // What the operator wants now may not be what runs.
    pending = desired.equals(before.desired()) ? null : desired;
    desired = before.desired();
  }

  private void reclaim(Handover.Offer offer, State before) throws IOException {
    try {
      Address address = Address.parse(offer.name());
      ListenerConfig config = null;
      for (Snapshot.OfService service : before.supervision().services()) {
        for (ListenerConfig one : service.config().listeners()) {
          config = one.address().equals(address) ? one : config;
        }
      }
      if (resources.listeners().reclaim(offer.service(), address, config, offer.descriptor())) {
        takeover.tookBackListener();
      }
    } catch (ConfigException e) {
      throw new IOException(e);
    }
  }

  /**
   * Asks that everything be handed over to a successor that is prepared. If that works, the loop
   * ends at once, and leaves everything as it is.
   *
   * @param told why not
   * @param done told when it has worked, before the loop ends
   */
  public void requestHandover(Handover handover, Consumer<String> told, Runnable done) {
    inbox.post(
        now -> {
          if (supervision.isChanging()) {
            told.accept("another operation is running");
            return;
          }
          keepState();
          List<Handover.Offer> offers = new ArrayList<>();
          resources
              .listeners()
              .shared()
              .forEach(
                  (held, descriptor) ->
                      offers.add(
                          new Handover.Offer(
                              held.service(),
                              Handover.Offer.LISTENER,
                              held.address().toString(),
                              descriptor)));
          resources
              .store()
              .connections()
              .forEach(
                  (label, connection) ->
                      offers.add(
                          new Handover.Offer(
                              label.service(), Handover.Offer.STORED, label.name(), connection)));
          if (handover.handOver(offers)) {
            successor = handover.pid();
            done.run();
          } else {
            told.accept("the successor did not take over");
          }
        });
  }

  /**
   * All services as they were after the last turn of the loop.
   *
   * @param now the instant, on the clock of {@link ServiceStatus}
   * @param reloading whether another configuration is being brought about
   * @param stopping whether everything is about to end
   */
  public record Status(
      long now,
      ImmutableList<ServiceStatus> services,
      ImmutableList<Held> listeners,
      ImmutableList<ShownLog> logs,
      boolean reloading,
      boolean stopping) {}

  /** Who looks on from the first turn on. To be said before it runs. */
  public void afterEachTurn(Turn looksOn) {
    turn = looksOn;
  }

  /** What is to happen when commands can be taken; on the loop. To be said before it runs. */
  public void whenReady(Runnable opens) {
    ready = opens;
  }

  /**
   * How it ended: the failure of the first generation, or null after an ordinary stop.
   *
   * @param successor the pid of who goes on; 0 if nobody does
   */
  public record End(@Nullable Outcome startFailure, List<String> output, long successor) {}

  /** Runs until all services are stopped. The calling thread is the loop from here on. */
  public End run() throws IOException, InterruptedException {
    try {
      openLogs();
      takeOver();
      while (true) {
        long now = now();
        reloadPending(now);
        List<Action> actions = supervision.plan(now);
        keepState();
        for (Action action : actions) {
          action.performOn(edges);
        }
        logs.plan(now);
        unneeded = unneeded && !logs.closeUnneeded(configs.keySet());
        reloading = reloading && supervision.isChanging();
        status = look(now);
        edges.tellOutcomes();
        announceReady();
        turn.after(status);
        if (supervision.isFinished()) {
          return end();
        }

        long decisions = supervision.nextDeadline(now) - now;
        long most = Math.min(logs.keeping().nextDeadline(now) - now, turn.atMost());
        due = now + Math.min(decisions, most);
        takeFacts(inbox.poll(due - now));
        if (successor != 0) {
          return new End(null, List.of(), successor);
        }
      }
    } finally {
      if (successor == 0) { // else all of it is somebody else's
        state.close();
        edges.close();
      }
    }
  }

  /** Not before the first turn: until then the status is what another supervisor knew. */
  private void announceReady() {
    Runnable opens = ready;
    ready = null;
    if (opens != null) {
      opens.run();
    }
  }

  /** Most turns decide nothing: then no more is put together than what shows that. */
  private void keepState() {
    Snapshot decided = supervision.snapshot();
    if (state.isKept(desired, lastOperation, decided)) {
      return;
    }
    State before = resources.before();
    state.keep(
        new State(
            resources.boot(),
            ProcessHandle.current().pid(),
            before == null ? 1 : before.epoch() + 1,
            resources.tokens().key(),
            desired,
            lastOperation,
            decided,
            edges.starts(),
            copies.launches()));
  }

  /** Waits for the workers of the supervisor before, and goes on with what they bring back. */
  private void takeOver() throws IOException, InterruptedException {
    if (takeover.isOver()) {
      return;
    }
    long now = now();
    takeover.waitsFrom(now);
    due = takeover.deadline();
    while (!takeover.isComplete() && now - due < 0) {
      takeFacts(inbox.poll(due - now));
      now = now();
    }
    String told = takeover.end(supervision, now);
    openMissing();
    resources.listeners().removeOtherFaces();
    announcer.tell(told);
    for (Inbox.Fact bind : takeover.deferred()) {
      bind.apply(now);
    }
  }

  /** What nobody has brought back: each by itself, for the others have to serve in any case. */
  private void openMissing() {
    for (Snapshot.OfService service : supervision.snapshot().services()) {
      if (service.wanted()) {
        service.config().listeners().forEach(one -> openIfMissing(service.name(), one));
      }
    }
  }

  /** One that is there keeps its options: a reload is what changes them. */
  private void openIfMissing(String service, ListenerConfig listener) {
    try {
      if (!resources.listeners().addresses().contains(listener.address())) {
        resources.listeners().open(service, List.of(listener));
      }
    } catch (IOException e) {
      announcer.tell(e.getMessage() + "; it is tried again when a worker of " + service + " binds");
    }
  }

  /** What the operator wanted when this supervisor was started, if it is not what ran. */
  private void reloadPending(long now) {
    Config next = pending;
    if (next == null || supervision.isChanging()) {
      return;
    }
    pending = null;
    ReloadPlan plan = supervision.planReload(next);
    announcer.tell("the configuration is another one: " + String.join("; ", plan.lines()));
    Operation operation = new Operation(++lastOperation, plan.steps(), true);
    Refusal refusal = reload(operation, next, RestartRecord.Asker.POLICY, now);
    if (refusal != null) {
      announcer.tell("cannot change to it: " + refusal.reason());
    }
  }

  /** Before anything is written: what cannot be opened is an error of whoever starts us. */
  private void openLogs() throws IOException {
    logs.open(configs.values());
    SupervisorLog own = resources.ownLog();
    if (own != null) {
      logs.openOwn(own);
    }
  }

  /** All that are there, before any deadline is looked at: an answer in the inbox is in time. */
  private void takeFacts(Inbox.@Nullable Fact first) throws InterruptedException {
    Inbox.Fact fact = first;
    while (fact != null) {
      fact.apply(now());
      fact = inbox.poll(0);
    }
  }

  private long now() {
    return clock.read(systemClock.getAsLong(), due);
  }

  private void send(WorkerId id, Message message, FileDescriptor... descriptors)
      throws IOException {
    edges.send(id, message, descriptors);
  }

  private Status look(long now) {
    return new Status(
        now,
        supervision.status(),
        ImmutableList.copyOf(resources.listeners().held()),
        logs.shown(),
        reloading,
        supervision.isStopping());
  }

  private End end() {
    Outcome failure = supervision.startFailure();
    return new End(failure, failure == null ? List.of() : edges.lastLines(failure), 0);
  }

  // Any thread

  /** What a command asks for; told on the loop whether it begins. */
  public interface Answer {
    void begun(long operation, Set<String> services);

    void refused(Refusal refusal);
  }

  /** Asks for an operation on these services, or on all when none is named. */
  public void request(Request request, Answer answer) {
    inbox.post(
        now -> {
          Operation operation = request.operation(++lastOperation, supervision.services());
          begin(operation, request.asker(), answer, now);
        });
  }

  private void begin(Operation operation, RestartRecord.Asker asker, Answer answer, long now) {
    Refusal refusal;
    try (Preparation opened = open(operation)) {
      refusal = supervision.begin(operation, now);
      if (refusal == null) {
        opened.keep();
        chronicle.begin(operation, asker);
      }
    } catch (IOException e) {
      refusal = new Refusal(false, String.valueOf(e.getMessage()));
    }
    tell(answer, operation, refusal);
  }

  /** A service that was stopped has no listeners: they are there before its workers. */
  private Preparation open(Operation operation) throws ResourceException {
    Map<String, List<ListenerConfig>> wanted = new LinkedHashMap<>();
    for (Step step : operation.steps()) {
      ServiceConfig config = configs.get(step.service());
      if (step.kind() == Operation.Kind.START && config != null) {
        wanted.put(step.service(), config.listeners());
        edges.reopened(step.service());
      }
    }
    return resources.listeners().prepare(wanted);
  }

  private static void tell(Answer answer, Operation operation, @Nullable Refusal refusal) {
    if (refusal == null) {
      answer.begun(operation.id(), operation.services());
    } else {
      answer.refused(refusal);
    }
  }

  /**
   * Asks for another configuration.
   *
   * @param dryRun whether nothing is done but to tell the plan
   * @param plan told what will be done, before it begins
   */
  public void requestReload(
      Config next,
      boolean dryRun,
      RestartRecord.Asker asker,
      Consumer<ReloadPlan> plan,
      Answer answer) {
    inbox.post(
        now -> {
          ReloadPlan planned = supervision.planReload(next);
          plan.accept(planned);
          Operation operation = new Operation(dryRun ? 0 : ++lastOperation, planned.steps(), true);
          Refusal refusal = dryRun ? null : reload(operation, next, asker, now);
          tell(answer, operation, refusal);
        });
  }

  private @Nullable Refusal reload(
      Operation operation, Config next, RestartRecord.Asker asker, long now) {
    Map<String, List<ListenerConfig>> wanted = new LinkedHashMap<>();
    next.services().forEach((name, service) -> wanted.put(name, service.listeners()));
    // All new listeners are open before anything old is touched, or none is.
    List<LogId> fresh = List.of();
    try (Preparation opened = resources.listeners().prepare(wanted)) {
      fresh = logs.open(next.services().values());
      Refusal refusal = supervision.reload(operation, next, now);
      if (refusal == null) {
        fresh = List.of();
        opened.keep();
        logs.configure(next.services().values());
        logs.configureOwn(next.log());
        chronicle.beginReload(operation, asker);
        desired = next;
        reloading = true;
        configs.clear();
        configs.putAll(next.services());
        unneeded = true;
        next.services().keySet().forEach(edges::reopened);
      }
      return refusal;
    } catch (IOException e) {
      return new Refusal(false, e.getMessage() + "; nothing was changed");
    } finally {
      fresh.forEach(logs::close);
    }
  }

  /** Asks for new files in the place of the logs of these services, or of all if none is named. */
  public void requestRotation(List<String> services, Consumer<Rotated> told) {
    inbox.post(
        now -> {
          for (String service : services) {
            if (!configs.containsKey(service)) {
              String known = String.join(", ", supervision.services());
              told.accept(
                  Rotated.refused("there is no service " + service + "; there are: " + known));
              return;
            }
          }
          logs.rotate(services, told);
        });
  }

  /** Asks for all descriptors there are; told on another thread. */
  public void requestAudit(Consumer<List<Audit.Row>> told) {
    inbox.post(
        now -> {
          Audit audit = edges.audit(resources.ownFolders(), resources.ownFiles());
          resources
              .probes()
              .execute(
                  () -> {
                    try {
                      told.accept(audit.rows());
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt(); // the end of everything
                    }
                  });
        });
  }

  /**
   * Asks what workers do at this moment.
   *
   * @param named workers, or services, whose workers are meant; none for all
   * @param told on the loop, when it is written down
   */
  public void requestDiagnosis(List<String> named, Consumer<Diagnosis> told) {
    inbox.post(
        now -> {
          List<WorkerStatus> wanted = new ArrayList<>();
          for (ServiceStatus service : supervision.status()) {
            for (WorkerStatus worker : service.workers()) {
              boolean meant =
                  named.isEmpty()
                      || named.contains(service.name())
                      || named.contains(worker.id().toString());
              if (meant && worker.pid() != 0) {
                wanted.add(worker);
              }
            }
          }
          diagnose(wanted, named, told);
        });
  }

  private void diagnose(List<WorkerStatus> wanted, List<String> named, Consumer<Diagnosis> told) {
    if (wanted.isEmpty()) {
      String what = named.isEmpty() ? "no worker runs" : "no worker runs of that name: ";
      told.accept(Diagnosis.refused(what + String.join(", ", named) + "; see baton status"));
      return;
    }
    List<Diagnosis.Row> rows = new ArrayList<>();
    for (WorkerStatus worker : wanted) {
      boolean begun =
          edges.diagnose(
              worker.id(),
              worker.figures(),
              "asked",
              (result, now) -> {
                rows.add(new Diagnosis.Row(worker.id(), result.file(), result.problem()));
                if (rows.size() == wanted.size()) {
                  told.accept(Diagnosis.of(rows));
                }
              });
      if (!begun) {
        told.accept(
            Diagnosis.refused("there is no state directory into which it could be written"));
        return;
      }
    }
  }

  /** Writes a line into the supervisor's own log. On the loop. */
  public void note(String line) {
    logs.note(line);
  }

  /** Asks for the end of everything. */
  public void requestStop() {
    inbox.post(supervision::stop);
  }

  /** Asks for the end of everything, without waiting for connections. */
  public void requestHurry() {
    inbox.post(supervision::hurry);
  }

  /** The services as they were after the last turn of the loop. */
  public Status status() {
    return status;
  }

  @Override
  public void attached(WorkerId worker, long pid, boolean again, Connection connection) {
    inbox.post(now -> edges.attached(worker, pid, again, connection, now));
  }

  @Override
  public void received(WorkerId worker, Received message) {
    inbox.post(now -> edges.received(worker, message, now));
  }

  @Override
  public void detached(WorkerId worker, Connection connection) {
    inbox.post(now -> edges.detached(worker, connection));
  }
}
