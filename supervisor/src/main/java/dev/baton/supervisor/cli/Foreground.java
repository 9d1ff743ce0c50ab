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
import dev.baton.supervisor.process.AttachServer;
import dev.baton.supervisor.process.Launcher;
import dev.baton.supervisor.process.Tokens;
import dev.baton.supervisor.resource.History;
import dev.baton.supervisor.resource.ListenerTable;
import dev.baton.supervisor.resource.Lock;
import dev.baton.supervisor.resource.Preparation;
import dev.baton.supervisor.resource.ResourceException;
import dev.baton.supervisor.resource.RunDirectory;
import dev.baton.supervisor.resource.StagedArtifacts;
import dev.baton.supervisor.resource.StateDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  private final Desired desired;
  private final PrintWriter err;
  private final Map<String, String> environment;
  private final Users users;

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
      closer.register(Lock.take(directory));
      directory.clean();
      served = closer.register(ControlServer.start(directory.control(), desk));
      closer.register(directory::remove);
      end = supervise(directory, state, desk, served, closer);
    } finally {
      closer.close();
    }
    served.finishStop();
    return report(config, end);
  }

  private SupervisorLoop.End supervise(
      RunDirectory directory, StateDirectory state, Desk desk, ControlServer served, Closer closer)
      throws Exception {
    Config config = desired.config();
    ListenerTable<WorkerId> listeners =
        closer.register(new ListenerTable<>(directory.path(), config.backlog()));
    try (Preparation opened = listeners.prepare(wanted(config))) {
      opened.keep();
    }
    Tokens<WorkerId> tokens = new Tokens<>();
    Launcher launcher = new Launcher(agent(), directory.attach());
    Resources resources = resources(launcher, tokens, listeners, state);
    History history = resources.history();
    Log log = new Log(err, served, desk::logFormat);
    SupervisorLoop loop = new SupervisorLoop(config, desired.isCommandLine(), resources, log);
    log.writeTo(loop::note);
    // A reader that is not needed costs the writers: elsewhere there is baton logs.
    if (desired.hasLogs() && Boolean.getBoolean("baton.terminal")) {
      closer.register(OutputFollower.start(() -> outputs(loop.status()), System.out));
    }
    closer.register(AttachServer.start(directory.attach(), tokens, users, loop));
    users.open(directory);
    if (users.areOthers()) {
      for (ServiceConfig service : config.services().values()) {
        launcher.checkReach(service.launch());
      }
    }
    desk.open(loop, history);
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
      StateDirectory state)
      throws IOException {
    StagedArtifacts artifacts = null;
    History history = null;
    Path kept = keptState(state);
    if (kept != null) {
      artifacts = new StagedArtifacts(kept);
      artifacts.dropAllExcept(Map.of());
      history = History.open(state.history());
    }
    return new Resources(
        launcher,
        tokens,
        listeners,
        state.path(),
        kept == null ? null : desired.config().log(),
        artifacts,
        history,
        pool("prober", MAX_PROBES_AT_A_TIME),
        pool("files", 1),
        pool("logs", 1),
        pool("archiver", 1));
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
