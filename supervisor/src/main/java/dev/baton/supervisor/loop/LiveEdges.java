package dev.baton.supervisor.loop;

import dev.baton.channel.Connection;
import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.core.Edges;
import dev.baton.supervisor.core.Face;
import dev.baton.supervisor.core.Outcome;
import dev.baton.supervisor.core.Supervision;
import dev.baton.supervisor.core.Transition;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.process.Gates;
import dev.baton.supervisor.process.Launcher;
import dev.baton.supervisor.process.Prober;
import dev.baton.supervisor.process.Processes;
import dev.baton.supervisor.process.Start;
import dev.baton.supervisor.process.Tokens;
import dev.baton.supervisor.resource.ListenerTable;
import dev.baton.supervisor.resource.OutputFiles;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** Carries the actions out. Everything here runs on the loop, but for the probes. */
final class LiveEdges implements Edges {
  private static final Logger LOG = System.getLogger(LiveEdges.class.getName());
  private static final int LAST_LINES = 20;

  private final ServiceConfig config;
  private final Launcher launcher;
  private final Tokens<WorkerId> tokens;
  private final ListenerTable<WorkerId> listeners;
  private final @Nullable OutputFiles<WorkerId> outputs;
  private final ExecutorService probes;
  private final Announcer announcer;
  private final Inbox inbox;
  private final Supervision supervision;
  private final Map<WorkerId, WorkerHandle> workers = new HashMap<>();

  LiveEdges(
      ServiceConfig config,
      Resources resources,
      Announcer announcer,
      Inbox inbox,
      Supervision state) {
    this.config = config;
    this.launcher = resources.launcher();
    this.tokens = resources.tokens();
    this.listeners = resources.listeners();
    this.outputs = resources.outputs();
    this.probes = resources.probes();
    this.announcer = announcer;
    this.inbox = inbox;
    this.supervision = state;
  }

  @Override
  public void spawn(WorkerId id) {
    try {
      String token = tokens.create();
      Path output = outputs == null ? null : outputs.create(id, id.toString());
      Process process =
          launcher.start(
              new Start(
                  config.launch(),
                  token,
                  heldPaths(),
                  output,
                  id.service(),
                  id.generation(),
                  id.slot()));
      tokens.expect(token, id, process.pid());
      workers.put(id, new WorkerHandle(process));
      inbox.post(now -> supervision.workerSpawned(id, process.pid()));
      var unused =
          process
              .onExit()
              .thenAccept(p -> inbox.post(now -> supervision.workerExited(id, p.exitValue())));
    } catch (IOException e) {
      // As a fact like any other: the loop plans after facts, not after what it does itself.
      inbox.post(now -> supervision.spawnFailed(id, "could not be started: " + e.getMessage()));
    }
  }

  private List<String> heldPaths() {
    return listeners.addresses().stream().filter(Address::isUnix).map(Address::path).toList();
  }

  @Override
  public void probe(WorkerId id) {
    Map<Address, SocketAddress> faces = listeners.privateAddresses(id);
    probes.execute(
        () -> {
          Gates.Result result = Prober.probe(config.readiness().gates(), faces);
          inbox.post(now -> supervision.probed(id, result.passed(), result.detail(), now));
        });
  }

  @Override
  public void switchTo(WorkerId id, Face face) {
    order(id, Message.of(Verb.SWITCH).with("face", face.name().toLowerCase(Locale.ROOT)));
  }

  @Override
  public void countConnections(WorkerId id) {
    order(id, Message.of(Verb.COUNT));
  }

  @Override
  public void dumpThreads(WorkerId id) {
    order(id, Message.of(Verb.DUMP));
  }

  private void order(WorkerId id, Message message) {
    WorkerHandle worker = workers.get(id);
    try {
      if (worker != null) {
        worker.send(message);
      }
    } catch (IOException e) {
      inbox.post(now -> supervision.orderFailed(id, String.valueOf(e.getMessage()), now));
    }
  }

  @Override
  public void terminate(WorkerId id) {
    WorkerHandle worker = workers.get(id);
    if (worker != null) {
      Processes.terminate(worker.process(), worker.jvm());
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
    try {
      listeners.forget(id);
      if (worker != null) {
        worker.close();
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "could not close all that was held for " + id, e);
    }
    // After the outcome was reported: its last lines may be part of it.
    inbox.post(now -> forgetOutput(id));
  }

  private void forgetOutput(WorkerId id) {
    try {
      if (outputs != null) {
        outputs.forget(id);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "could not remove an old output file", e);
    }
  }

  @Override
  public void announce(Transition transition) {
    announcer.announce(transition);
  }

  @Override
  public void finishRestart(Outcome outcome) {
    announcer.finishRestart(outcome, lastLines(outcome));
  }

  /** What the worker whose failure ended the restart has written last. */
  List<String> lastLines(Outcome outcome) {
    WorkerId failed = outcome.failed();
    return failed == null || outputs == null ? List.of() : outputs.lastLines(failed, LAST_LINES);
  }

  void attached(WorkerId id, long pid, Connection connection, long now) {
    WorkerHandle worker = workers.get(id);
    if (worker == null) {
      closeQuietly(connection);
    } else {
      worker.attached(pid, connection);
      supervision.workerAttached(id, pid, now);
    }
  }

  /** A worker has sent something. Its mistake costs its connection. */
  void received(WorkerId id, Message message, long now) {
    WorkerHandle worker = workers.get(id);
    if (worker == null) {
      return;
    }
    try {
      new WorkerMessages(id, worker, config, listeners, supervision).handle(message, now);
    } catch (IOException e) {
      LOG.log(Level.WARNING, id + ": " + e.getMessage() + "; closing its connection");
      closeQuietly(worker::close);
    }
  }

  /** Closes everything at the end. */
  void close() throws IOException {
    probes.shutdownNow();
    listeners.close();
  }

  private static void closeQuietly(java.io.Closeable connection) {
    try {
      connection.close();
    } catch (IOException e) {
      // It is given up anyway.
    }
  }
}
