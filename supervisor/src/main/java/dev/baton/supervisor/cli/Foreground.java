package dev.baton.supervisor.cli;

import com.google.common.io.Closer;
import dev.baton.channel.Connection;
import dev.baton.jdk.Signals;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.ListenerConfig;
import dev.baton.supervisor.config.LogConfig;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.control.ControlServer;
import dev.baton.supervisor.control.ExitCode;
import dev.baton.supervisor.core.Outcome;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.loop.Resources;
import dev.baton.supervisor.loop.ShownLog;
import dev.baton.supervisor.loop.SupervisorLoop;
import dev.baton.supervisor.loop.Takeover;
import dev.baton.supervisor.process.AttachServer;
import dev.baton.supervisor.process.Launcher;
import dev.baton.supervisor.process.Tokens;
import dev.baton.supervisor.resource.History;
import dev.baton.supervisor.resource.ListenerTable;
import dev.baton.supervisor.resource.Preparation;
import dev.baton.supervisor.resource.ResourceException;
import dev.baton.supervisor.resource.RunDirectory;
import dev.baton.supervisor.resource.StagedArtifacts;
import dev.baton.supervisor.resource.StateDirectory;
import dev.baton.supervisor.systemd.Activation;
import dev.baton.supervisor.systemd.NotifySocket;
import dev.baton.supervisor.takeover.State;
import dev.baton.supervisor.takeover.StateFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A supervisor from its start to its end: opens what it needs in order, runs the loop on this
 * thread, closes everything in the opposite order.
 */
final class Foreground {
  private static final int MAX_PROBES_AT_A_TIME = 4;
  private static final int MAX_DIAGNOSES_AT_A_TIME = 4;

  private final Desired desired;
  private final PrintWriter err;
  private final Map<String, String> environment;
  private final Users users;

  // Mutable state
  private @Nullable Herald herald;

  /**
   * Opens nothing yet.
   *
   * @param desired what is to be run
   * @param environment names the directories
   */
  Foreground(Desired desired, PrintWriter err, Map<String, String> environment) throws IOException {
    this.users = new Users();
    this.environment = environment;
    this.desired = desired;
    this.err = err;
  }

  /** Returns the exit code. */
  int run() throws Exception {
    Installation.useNativeLibrary();
    Config config = desired.config();
    desired.check(environment, err);
    users.allow(config);
    RunDirectory directory = RunDirectory.of(config.name(), environment);
    StateDirectory state = StateDirectory.of(config.name(), environment);
    Desk desk = new Desk(desired, users, state.path(), environment, err);
    ControlServer served;
    SupervisorLoop.End end;
    Closer closer = Closer.create();
    try {
      Arrival arrival = Arrival.at(directory, desk, environment, err, closer);
      State before = arrival.before();
      served = arrival.control();
      if (before == null) {
        closer.register(directory::remove);
      }
      end = supervise(directory, state, arrival, desk, closer);
      if (end.successor() != 0) {
        return replaced(config, end, served);
      }
      if (before != null) {
        closer.register(directory::remove); // but not when we fail: others may follow
      }
    } finally {
      closer.close();
    }
    served.finishStop();
    return report(config, end);
  }

  private SupervisorLoop.End supervise(
      RunDirectory directory, StateDirectory state, Arrival arrival, Desk desk, Closer closer)
      throws Exception {
    Config config = desired.config();
    State before = arrival.before();
    ListenerTable<WorkerId> listeners =
        closer.register(new ListenerTable<>(directory.path(), config.backlog()));
    if (environment.containsKey(Activation.VARIABLE)) {
      new PassedSockets(config, before, this::say).take(environment, listeners);
    }
    if (before == null) {
      try (Preparation opened = listeners.prepare(wanted(config))) {
        opened.keep();
      }
      listeners.removeOtherFaces();
    } // else its workers bring back what they have
    Tokens<WorkerId> tokens = new Tokens<>(before == null ? Tokens.newKey() : before.key());
    Path kept = keptState(state);
    Launcher launcher = new Launcher(agent(), directory.attach(), kept);
    StateFile file = StateFile.open(directory.path());
    Resources resources =
        resources(launcher, tokens, listeners, directory, state, kept, file, arrival);
    History history = resources.history();
    Log log = new Log(err, arrival.control(), desk::logFormat);
    SupervisorLoop loop = new SupervisorLoop(config, desired.isCommandLine(), resources, log);
    log.writeTo(loop::note);
    if (environment.containsKey(NotifySocket.VARIABLE)) {
      NotifySocket manager = NotifySocket.of(environment, ProcessHandle.current().pid(), this::say);
      if (manager != null) {
        closer.register(manager);
        herald = new Herald(manager, listeners);
        loop.afterEachTurn(herald);
      }
    }
    // A reader that is not needed costs the writers: elsewhere there is baton logs.
    if (desired.hasLogs() && Boolean.getBoolean("baton.terminal")) {
      closer.register(OutputFollower.start(() -> outputs(loop.status()), System.out));
    }
    closer.register(AttachServer.start(arrival.attach(), tokens, users, loop));
    users.open(directory);
    if (users.areOthers()) {
      for (ServiceConfig service : config.services().values()) {
        launcher.checkReach(service.launch());
      }
    }
    if (before == null) {
      desk.open(loop, history, directory.path());
    } else {
      loop.whenReady(() -> desk.open(loop, history, directory.path()));
    }
    Runnable stop = stopThenHurry(loop);
    Signals.handle("TERM", stop);
    Signals.handle("INT", stop);
    Signals.handle("HUP", desk::hangUp);
    Signals.handle("USR1", desk::rotate);
    err.println("baton: supervising " + config.name() + ", pid " + ProcessHandle.current().pid());
    err.flush();
    return loop.run();
  }

  /** What workers print. */
  private static List<Path> outputs(SupervisorLoop.Status status) {
    List<Path> paths = new ArrayList<>();
    for (ShownLog log : status.logs()) {
      String name = log.status().id().name();
      if (name.equals(LogConfig.OUTPUT) || name.equals(LogConfig.ERROR)) {
        paths.add(log.path());
      }
    }
    return paths;
  }

  private static Map<String, List<ListenerConfig>> wanted(Config config) {
    Map<String, List<ListenerConfig>> wanted = new LinkedHashMap<>();
    config.services().forEach((name, service) -> wanted.put(name, service.listeners()));
    return wanted;
  }

  private Resources resources(
      Launcher launcher,
      Tokens<WorkerId> tokens,
      ListenerTable<WorkerId> listeners,
      RunDirectory directory,
      StateDirectory state,
      @Nullable Path kept,
      StateFile file,
      Arrival arrival)
      throws IOException {
    State before = arrival.before();
    StagedArtifacts artifacts = null;
    History history = null;
    if (kept != null) {
      artifacts = new StagedArtifacts(kept);
      artifacts.dropAllExcept(before == null ? Map.of() : prepared(before));
      history = History.open(state.history());
    }
    return new Resources(
        launcher,
        tokens,
        listeners,
        directory.leases(),
        directory.store(),
        state.path(),
        kept == null ? null : desired.config().log(),
        artifacts,
        history,
        kept,
        List.of(directory.path() + "/", state.path() + "/logs/"),
        List.of(
            directory.lock().toString(),
            directory.path().resolve(StateFile.NAMES.get(0)).toString(),
            directory.path().resolve(StateFile.NAMES.get(1)).toString()),
        file,
        Takeover.boot(),
        before,
        arrival.handedOver(),
        pool("prober", MAX_PROBES_AT_A_TIME),
        pool("files", 1),
        pool("logs", 1),
        pool("archiver", 1),
        pool("diagnoser", MAX_DIAGNOSES_AT_A_TIME));
  }

  private static Map<String, Set<Integer>> prepared(State before) {
    Map<String, Set<Integer>> prepared = new HashMap<>();
    before.supervision().services().forEach(one -> prepared.put(one.name(), one.prepared()));
    return prepared;
  }

  /** Null when there is no place to keep anything, and nothing that must be kept. */
  private @Nullable Path keptState(StateDirectory state) throws ResourceException {
    try {
      return state.make();
    } catch (ResourceException e) {
      if (desired.hasLogs() || !desired.isCommandLine()) {
        throw e;
      }
      err.println("baton: warning: no copies, no history: " + e.getMessage());
      return null;
    }
  }

  private static ExecutorService pool(String name, int threads) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** Everything is a successor's now: what we held must not be closed, only left. */
  @SuppressWarnings("SystemExitOutsideMain") // an orderly exit would close it
  private int replaced(Config config, SupervisorLoop.End end, ControlServer served)
      throws InterruptedException {
    if (herald != null) {
      herald.replacedBy(end.successor());
    }
    say(config.name() + " goes on with pid " + end.successor());
    served.replaced("the supervisor was replaced, pid " + end.successor() + "; ask again");
    Runtime.getRuntime().halt(ExitCode.OK);
    return ExitCode.OK;
  }

  private void say(String line) {
    err.println("baton: " + line);
    err.flush();
  }

  private int report(Config config, SupervisorLoop.End end) {
    Outcome failure = end.startFailure();
    if (failure == null) {
      err.println("baton: " + config.name() + " is stopped");
      return ExitCode.OK;
    }
    end.output().forEach(line -> err.println("  | " + line));
    err.println("baton: " + config.name() + " did not start: " + failure.reason());
    return ExitCode.FAILED;
  }

  /** Whoever presses Ctrl-C again has waited long enough. */
  private Runnable stopThenHurry(SupervisorLoop supervisor) {
    AtomicBoolean stopping = new AtomicBoolean();
    return () -> {
      if (stopping.compareAndSet(false, true)) {
        err.println("baton: stopping when connections have ended; once more stops at once");
        err.flush();
        supervisor.requestStop();
      } else {
        supervisor.requestHurry();
      }
    };
  }

  private static Path agent() throws Exception {
    return Path.of(Connection.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
