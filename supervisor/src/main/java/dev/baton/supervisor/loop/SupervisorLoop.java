package dev.baton.supervisor.loop;

import dev.baton.channel.Connection;
import dev.baton.protocol.Message;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.core.Action;
import dev.baton.supervisor.core.Outcome;
import dev.baton.supervisor.core.ServiceStatus;
import dev.baton.supervisor.core.Supervision;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.process.AttachServer;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The supervisor's one thread. Takes a fact, lets the supervision record it and plan, carries the
 * plan out. The only place that reads a clock; other threads post facts or read the last status.
 */
public final class SupervisorLoop implements AttachServer.Events<WorkerId> {
  private final Inbox inbox = new Inbox();
  private final LongSupplier clock;
  private final Supervision supervision;
  private final LiveEdges edges;

  // Written by the loop, read by all
  private volatile ServiceStatus status;

  public SupervisorLoop(
      ServiceConfig config, Resources resources, Announcer announcer, LongSupplier clock) {
    this.clock = clock;
    this.supervision = new Supervision(config, clock.getAsLong());
    this.edges = new LiveEdges(config, resources, announcer, inbox, supervision);
    this.status = supervision.status();
  }

  /** How it ended: the failure of the first generation, or null after an ordinary stop. */
  public record End(@Nullable Outcome startFailure, List<String> output) {}

  /** Runs until the service is stopped. The calling thread is the loop from here on. */
  public End run() throws IOException, InterruptedException {
    try {
      while (true) {
        long now = clock.getAsLong();
        for (Action action : supervision.plan(now)) {
          action.performOn(edges);
        }
        status = supervision.status();
        if (supervision.isFinished()) {
          return end();
        }
        Inbox.Fact fact = inbox.poll(supervision.nextDeadline(now) - now);
        if (fact != null) {
          fact.apply(clock.getAsLong());
        }
      }
    } finally {
      edges.close();
    }
  }

  private End end() {
    Outcome failure = supervision.startFailure();
    return new End(failure, failure == null ? List.of() : edges.lastLines(failure));
  }

  // Any thread

  /**
   * Asks for a restart.
   *
   * @param answer gets null when the restart has begun, else why it has not; called on the loop
   */
  public void requestRestart(Consumer<@Nullable String> answer) {
    inbox.post(
        now -> {
          String refusal = supervision.cannotRestart();
          answer.accept(refusal);
          supervision.restart(now);
        });
  }

  /** Asks for the end of everything. */
  public void requestStop() {
    inbox.post(now -> supervision.stop());
  }

  /** Asks for the end of everything, without waiting for connections. */
  public void requestHurry() {
    inbox.post(now -> supervision.hurry());
  }

  /** The service as it was after the last turn of the loop. */
  public ServiceStatus status() {
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
    inbox.post(now -> supervision.workerDetached(worker));
  }
}
