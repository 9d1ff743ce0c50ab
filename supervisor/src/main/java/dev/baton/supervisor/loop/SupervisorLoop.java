package dev.baton.supervisor.loop;

import com.google.common.collect.ImmutableList;
import dev.baton.channel.Connection;
import dev.baton.protocol.Message;
import dev.baton.supervisor.config.Config;
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
import dev.baton.supervisor.core.SteadyClock;
import dev.baton.supervisor.core.Supervision;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.process.AttachServer;
import dev.baton.supervisor.resource.ListenerTable.Held;
import dev.baton.supervisor.resource.Preparation;
import dev.baton.supervisor.resource.ResourceException;
import java.io.FileDescriptor;
import java.io.IOException;
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
  private final Inbox inbox = new Inbox();
  private final SteadyClock clock = new SteadyClock();
  private final LongSupplier systemClock;
  private final Supervision supervision;
  private final Resources resources;
  private final Chronicle chronicle;
  private final Logs logs;
  private final LiveEdges edges;

  // Mutable state, touched on the loop only
  private final Map<String, ServiceConfig> configs = new HashMap<>();
  private long due;
  private long lastOperation;
  private boolean unneeded;

  // Written by the loop, read by all
  private volatile Status status;

  /**
   * Starts nothing before it runs.
   *
   * @param endsWithFirstFailure see {@link Supervision}
   */
  public SupervisorLoop(
      Config config, boolean endsWithFirstFailure, Resources resources, Announcer announcer) {
    this(config, endsWithFirstFailure, resources, announcer, System::nanoTime);
  }

  private SupervisorLoop(
      Config config,
      boolean endsWithFirstFailure,
      Resources resources,
      Announcer announcer,
      LongSupplier systemClock) {
    this.resources = resources;
    this.systemClock = systemClock;
    this.due = systemClock.getAsLong();
    this.supervision = new Supervision(config, endsWithFirstFailure, due);
    Copies copies = new Copies(resources.artifacts(), resources.files());
    this.chronicle = new Chronicle(resources.history(), resources.files(), copies, announcer);
    this.logs =
        new Logs(
            resources.state(),
            resources.logs(),
            resources.archives(),
            inbox,
            this::now,
            this::send);
    this.edges = new LiveEdges(resources, copies, logs, chronicle, inbox, supervision);
    this.configs.putAll(config.services());
    this.status = look(due);
  }

  /**
   * All services as they were after the last turn of the loop.
   *
   * @param now the instant, on the clock of {@link ServiceStatus}
   */
  public record Status(
      long now,
      ImmutableList<ServiceStatus> services,
      ImmutableList<Held> listeners,
      ImmutableList<ShownLog> logs) {}

  /** How it ended: the failure of the first generation, or null after an ordinary stop. */
  public record End(@Nullable Outcome startFailure, List<String> output) {}

  /** Runs until all services are stopped. The calling thread is the loop from here on. */
  public End run() throws IOException, InterruptedException {
    try {
      openLogs();
      while (true) {
        long now = now();
        for (Action action : supervision.plan(now)) {
          action.performOn(edges);
        }
        logs.plan(now);
        unneeded = unneeded && !logs.closeUnneeded(configs.keySet());
        status = look(now);
        if (supervision.isFinished()) {
          return end();
        }
        long decisions = supervision.nextDeadline(now) - now;
        due = now + Math.min(decisions, logs.keeping().nextDeadline(now) - now);
        takeFacts(inbox.poll(due - now));
      }
    } finally {
      edges.close();
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
        logs.shown());
  }

  private End end() {
    Outcome failure = supervision.startFailure();
    return new End(failure, failure == null ? List.of() : edges.lastLines(failure));
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
  public void attached(WorkerId worker, long pid, Connection connection) {
    inbox.post(now -> edges.attached(worker, pid, connection, now));
  }

  @Override
  public void received(WorkerId worker, Message message) {
    inbox.post(now -> edges.received(worker, message, now));
  }

  @Override
  public void detached(WorkerId worker) {
    inbox.post(
        now -> {
          logs.keeping().detached(worker);
          supervision.workerDetached(worker);
        });
  }
}
