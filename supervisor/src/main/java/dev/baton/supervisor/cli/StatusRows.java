package dev.baton.supervisor.cli;

import static dev.baton.supervisor.core.WorkerState.DRAINING;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.core.ArchiveUse;
import dev.baton.supervisor.core.Figures;
import dev.baton.supervisor.core.LogStatus;
import dev.baton.supervisor.core.ServiceStatus;
import dev.baton.supervisor.core.WorkerStatus;
import dev.baton.supervisor.loop.ShownLog;
import dev.baton.supervisor.loop.SupervisorLoop.Status;
import dev.baton.supervisor.process.Processes;
import dev.baton.supervisor.resource.AcceptQueues;
import dev.baton.supervisor.resource.ListenerTable.Held;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The status as messages: what the loop published, and what only the kernel knows. */
final class StatusRows {
  private StatusRows() {}

  static List<Message> of(String name, Status status, long startedAt, long now) {
    List<Message> rows = new ArrayList<>();
    long self = ProcessHandle.current().pid();
    rows.add(
        Message.of(Verb.SUPERVISOR)
            .with("name", name)
            .with("pid", self)
            .with("rss", Processes.residentBytes(self))
            .with("up-nanos", now - startedAt));
    logs(status, "").forEach(rows::add);
    AcceptQueues queues = AcceptQueues.read();
    for (ServiceStatus service : status.services()) {
      rows.add(service(service));
      service.workers().forEach(worker -> rows.add(worker(worker, status.now())));
      status.listeners().stream()
          .filter(held -> held.service().equals(service.name()))
          .forEach(held -> rows.add(listener(held, queues)));
      logs(status, service.name()).forEach(rows::add);
    }
    return rows;
  }

  private static Stream<Message> logs(Status status, String service) {
    return status.logs().stream()
        .filter(log -> log.status().id().service().equals(service))
        .map(StatusRows::log);
  }

  private static Message log(ShownLog log) {
    LogStatus status = log.status();
    return Message.of(Verb.LOG)
        .with("service", status.id().service())
        .with("name", status.id().name())
        .with("path", log.path())
        .with("bytes", status.bytes())
        .with("rotations", status.rotations())
        .with("failures", status.failures())
        .with("condition", status.condition());
  }

  private static Message service(ServiceStatus service) {
    return Message.of(Verb.SERVICE)
        .with("name", service.name())
        .with("phase", service.phase().name().toLowerCase(Locale.ROOT))
        .with("reason", service.reason())
        .with("generation", service.generation())
        .with("wanted", service.wanted());
  }

  private static Message worker(WorkerStatus worker, long now) {
    Message row =
        Message.of(Verb.WORKER)
            .with("id", worker.id())
            .with("generation", worker.id().generation())
            .with("slot", worker.id().slot())
            .with("state", worker.state().name().toLowerCase(Locale.ROOT))
            .with("since-nanos", Math.max(0, now - worker.since()))
            .with("pid", worker.pid())
            .with("rss", Processes.residentBytes(worker.pid()))
            .with("connections", worker.state() == DRAINING ? worker.connections() : "-")
            .with("trouble", worker.trouble())
            .with("says", worker.says())
            .with("archive", archive(worker.archive()));
    return withFigures(row, worker.figures(), now);
  }

  private static String archive(ArchiveUse use) {
    return switch (use) {
      case USES -> "hit";
      case TRAINS -> "miss";
      case NONE -> "none";
    };
  }

  private static Message withFigures(Message row, @Nullable Figures figures, long now) {
    if (figures == null) {
      return row;
    }
    return row.with("java", figures.java())
        .with("jvm-up-nanos", known(figures.upNanos(), now - figures.at()))
        .with("heap", figures.heap())
        .with("heap-max", figures.heapMax())
        .with("gc-permille", known(figures.gcPermille(), 0))
        .with("threads", known(figures.threads(), 0))
        .with("classes", known(figures.classes(), 0));
  }

  private static String known(long figure, long more) {
    return figure < 0 ? "-" : Long.toString(figure + more);
  }

  private static Message listener(Held held, AcceptQueues queues) {
    return Message.of(Verb.LISTENER)
        .with("name", held.name())
        .with("address", held.address())
        .with("queue", held.address().isStream() ? queues.length(held.address()) : "-")
        .with("backlog", held.backlog())
        .with("sockets", held.sockets());
  }
}
