package dev.baton.supervisor.cli;

import dev.baton.supervisor.core.ServiceStatus;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.core.WorkerState;
import dev.baton.supervisor.loop.SupervisorLoop.Status;
import dev.baton.supervisor.loop.Turn;
import dev.baton.supervisor.resource.ListenerTable;
import dev.baton.supervisor.resource.ListenerTable.Held;
import dev.baton.supervisor.systemd.NotifySocket;
import java.io.FileDescriptor;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Tells a service manager how we are, and has it keep a copy of each listener. On the loop, whose
 * turns are its heartbeat: a loop that hangs is a watchdog that is not petted.
 */
final class Herald implements Turn {
  private static final long SELDOM = TimeUnit.HOURS.toNanos(1);
  private static final long TRY_AGAIN = TimeUnit.MILLISECONDS.toNanos(100);

  private final NotifySocket manager;
  private final ListenerTable<WorkerId> listeners;

  // Mutable state
  private final Set<String> stored = new HashSet<>();
  private List<Held> held = List.of();
  private String told = "";
  private boolean ready;
  private boolean reloading;
  private boolean stopping;
  private boolean flushed = true;

  Herald(NotifySocket manager, ListenerTable<WorkerId> listeners) {
    this.manager = manager;
    this.listeners = listeners;
  }

  @Override
  public void after(Status status) {
    if (!status.listeners().equals(held)) {
      held = status.listeners();
      store();
    }
    String text = text(status);
    boolean settled = status.services().stream().noneMatch(Herald::isStarting);
    if (status.reloading() && !reloading) {
      manager.reloading(TimeUnit.NANOSECONDS.toMicros(System.nanoTime()));
    }
    if (status.stopping() && !stopping) {
      manager.stopping();
    }
    boolean reloaded = reloading && !status.reloading();
    if (!status.stopping() && ((settled && !ready) || reloaded)) {
      ready = true;
      manager.ready(text);
    } else if (!text.equals(told)) {
      manager.status(text);
    }
    told = text;
    reloading = status.reloading();
    stopping = status.stopping();
    if (manager.watchdogNanos() > 0) {
      manager.watchdog();
    }
    flushed = manager.flush();
  }

  @Override
  public long atMost() {
    if (!flushed) {
      return TRY_AGAIN;
    }
    return manager.watchdogNanos() > 0 ? manager.watchdogNanos() : SELDOM;
  }

  /** Another process goes on; to be said by the one that is still known. */
  void replacedBy(long pid) {
    manager.mainPid(pid);
    manager.flush();
  }

  private void store() {
    Set<String> names = new HashSet<>();
    for (Map.Entry<Held, FileDescriptor> one : listeners.shared().entrySet()) {
      String name = NotifySocket.name(one.getKey().address().toString());
      names.add(name);
      if (stored.add(name)) {
        manager.store(name, one.getValue());
      }
    }
    for (String name : Set.copyOf(stored)) {
      // At our end they stay: whoever is started next goes on with them.
      if (!names.contains(name) && !stopping) {
        stored.remove(name);
        manager.remove(name);
      }
    }
  }

  private static boolean isStarting(ServiceStatus service) {
    return service.phase() == ServiceStatus.Phase.STARTING
        || service.phase() == ServiceStatus.Phase.WAITING;
  }

  private static String text(Status status) {
    return status.services().stream().map(Herald::text).collect(Collectors.joining("; "));
  }

  private static String text(ServiceStatus service) {
    long serving =
        service.workers().stream().filter(one -> one.state() == WorkerState.SERVING).count();
    String phase = service.phase().name().toLowerCase(Locale.ROOT);
    return service.name() + " " + phase + ", " + serving + " of " + service.wanted() + " workers";
  }
}
