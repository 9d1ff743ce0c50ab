package dev.baton.supervisor.cli;

import static dev.baton.supervisor.core.WorkerState.DRAINING;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.core.ServiceStatus;
import dev.baton.supervisor.core.WorkerStatus;
import dev.baton.supervisor.process.Processes;
import dev.baton.supervisor.resource.AcceptQueues;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The status as messages: what the loop published, and what only the kernel knows. */
final class StatusRows {
  private StatusRows() {}

  static List<Message> of(ServiceStatus status, Config config, long startedAt, long now) {
    List<Message> rows = new ArrayList<>();
    long self = ProcessHandle.current().pid();
    rows.add(
        Message.of(Verb.SERVICE)
            .with("name", status.name())
            .with("phase", status.phase().name().toLowerCase(Locale.ROOT))
            .with("generation", status.generation())
            .with("pid", self)
            .with("rss", Processes.residentBytes(self))
            .with("up-nanos", now - startedAt));
    status.workers().forEach(worker -> rows.add(worker(worker, now)));
    AcceptQueues queues = AcceptQueues.read();
    status.listeners().forEach(name -> rows.add(listener(name, queues, config.backlog())));
    return rows;
  }

  private static Message worker(WorkerStatus worker, long now) {
    return Message.of(Verb.WORKER)
        .with("id", worker.id())
        .with("generation", worker.id().generation())
        .with("slot", worker.id().slot())
        .with("state", worker.state().name().toLowerCase(Locale.ROOT))
        .with("since-nanos", now - worker.since())
        .with("pid", worker.pid())
        .with("rss", Processes.residentBytes(worker.pid()))
        .with("connections", worker.state() == DRAINING ? worker.connections() : "-");
  }

  private static Message listener(String name, AcceptQueues queues, int backlog) {
    return Message.of(Verb.LISTENER)
        .with("name", name)
        .with("queue", queue(name, queues))
        .with("backlog", backlog);
  }

  private static String queue(String name, AcceptQueues queues) {
    try {
      Address address = Address.parse(name);
      return address.isStream() ? Integer.toString(queues.length(address)) : "-";
    } catch (ConfigException e) {
      return "-";
    }
  }
}
