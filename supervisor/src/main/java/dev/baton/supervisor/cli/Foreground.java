package dev.baton.supervisor.cli;

import com.google.common.io.Closer;
import dev.baton.channel.Connection;
import dev.baton.channel.NativeLibrary;
import dev.baton.jdk.Signals;
import dev.baton.protocol.Message;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.Durations;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.control.ControlServer;
import dev.baton.supervisor.control.ExitCode;
import dev.baton.supervisor.core.Outcome;
import dev.baton.supervisor.core.Transition;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.loop.Announcer;
import dev.baton.supervisor.loop.Resources;
import dev.baton.supervisor.loop.SupervisorLoop;
import dev.baton.supervisor.process.AttachServer;
import dev.baton.supervisor.process.Launcher;
import dev.baton.supervisor.process.Tokens;
import dev.baton.supervisor.resource.ListenerTable;
import dev.baton.supervisor.resource.Lock;
import dev.baton.supervisor.resource.OutputFiles;
import dev.baton.supervisor.resource.RunDirectory;
import dev.baton.supervisor.resource.StateDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A supervisor from its start to its end: opens what it needs in order, runs the loop on this
 * thread, closes everything in the opposite order.
 */
final class Foreground implements Announcer, ControlServer.Requests {
  private static final int MAX_PROBES_AT_A_TIME = 4;

  private final Config config;
  private final ServiceConfig service;
  private final RunCommand.Output output;
  private final PrintWriter err;
  private final long startedAt = System.nanoTime();

  // Set while starting up, on the only thread there is then
  private @Nullable SupervisorLoop loop;
  private @Nullable ControlServer control;

  Foreground(Config config, RunCommand.Output output, PrintWriter err) {
    this.config = config;
    this.service = config.services().values().iterator().next();
    this.output = output;
    this.err = err;
  }

  /** Returns the exit code. */
  int run() throws Exception {
    NativeLibrary.useFrom(jar(Foreground.class).resolveSibling("../native/lib").normalize());
    Map<String, String> environment = System.getenv();
    RunDirectory directory = RunDirectory.of(config.name(), environment);
    Launcher.check(service.launch(), environment);
    Launcher launcher = new Launcher(jar(Connection.class), directory.attach());
    String warning = Launcher.warning(service.launch(), environment);
    if (!warning.isEmpty()) {
      err.println("baton: warning: " + warning);
    }
    ControlServer served;
    SupervisorLoop.End end;
    Closer closer = Closer.create();
    try {
      closer.register(Lock.take(directory));
      served = closer.register(startControl(directory));
      closer.register(directory::remove);
      end = supervise(directory, environment, launcher, closer);
    } finally {
      closer.close();
    }
    served.finishStop();
    return report(end);
  }

  private ControlServer startControl(RunDirectory directory) throws IOException {
    directory.clean();
    ControlServer started = ControlServer.start(directory.control(), this);
    control = started;
    return started;
  }

  private SupervisorLoop.End supervise(
      RunDirectory directory, Map<String, String> environment, Launcher launcher, Closer closer)
      throws Exception {
    ListenerTable<WorkerId> listeners =
        closer.register(new ListenerTable<>(directory.path(), config.backlog()));
    listeners.open(service.name(), service.listeners());
    OutputFiles<WorkerId> outputs = null;
    if (output == RunCommand.Output.FILE) {
      Path folder = StateDirectory.of(config.name(), environment).outputs();
      outputs = new OutputFiles<>(folder);
      closer.register(OutputFollower.start(folder, System.out));
    }
    Tokens<WorkerId> tokens = new Tokens<>();
    Resources resources = new Resources(launcher, tokens, listeners, outputs, probes());
    SupervisorLoop made = new SupervisorLoop(service, resources, this, System::nanoTime);
    loop = made;
    long uid = RunDirectory.uid();
    closer.register(AttachServer.start(directory.attach(), tokens, user -> user == uid, made));
    Runnable stop = stopThenHurry(made);
    Signals.handle("TERM", stop);
    Signals.handle("INT", stop);
    Signals.handle("HUP", this::restartBySignal);
    err.println("baton: supervising " + config.name() + ", pid " + ProcessHandle.current().pid());
    err.flush();
    return made.run();
  }

  private static ExecutorService probes() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            MAX_PROBES_AT_A_TIME,
            MAX_PROBES_AT_A_TIME,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "prober");
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private int report(SupervisorLoop.End end) {
    Outcome failure = end.startFailure();
    if (failure == null) {
      err.println("baton: " + config.name() + " is stopped");
      return ExitCode.OK;
    }
    end.output().forEach(line -> err.println("  | " + line));
    err.println("baton: " + config.name() + " did not start: " + failure.reason());
    return ExitCode.FAILED;
  }

  // Announcer; on the loop

  @Override
  public void announce(Transition transition) {
    String pid = transition.pid() == 0 ? "" : " pid " + transition.pid();
    err.printf(
        "baton: %s%s %s: %s (%s)%n",
        transition.worker(),
        pid,
        transition.state().name().toLowerCase(Locale.ROOT),
        transition.reason(),
        Durations.print(transition.sinceNanos()));
    err.flush();
    if (control != null) {
      control.announce(transition);
    }
  }

  @Override
  public void finishRestart(Outcome outcome, List<String> lastLines) {
    String how = outcome.success() ? "restart succeeded: " : "restart failed: ";
    err.println("baton: " + how + outcome.reason());
    err.flush();
    if (control != null) {
      control.finishRestart(outcome, lastLines);
    }
  }

  // Requests; on any thread

  @Override
  public void restart(Consumer<@Nullable String> answer) {
    if (loop == null) {
      answer.accept("the supervisor is starting");
    } else {
      loop.requestRestart(answer);
    }
  }

  @Override
  public void stop() {
    if (loop != null) {
      loop.requestStop();
    }
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

  private void restartBySignal() {
    restart(
        refusal -> {
          if (refusal != null) {
            err.println("baton: SIGHUP ignored: " + refusal);
            err.flush();
          }
        });
  }

  @Override
  public List<Message> status() {
    return loop == null
        ? List.of()
        : StatusRows.of(loop.status(), config, startedAt, System.nanoTime());
  }

  private static Path jar(Class<?> inside) throws ConfigException {
    try {
      return Path.of(inside.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new ConfigException("the installation has an impossible path: " + e.getMessage());
    }
  }
}
