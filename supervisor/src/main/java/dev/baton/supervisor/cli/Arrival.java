package dev.baton.supervisor.cli;

import com.google.common.base.Joiner;
import com.google.common.io.Closer;
import dev.baton.channel.Endpoint;
import dev.baton.supervisor.control.ControlServer;
import dev.baton.supervisor.loop.Takeover;
import dev.baton.supervisor.process.Launcher;
import dev.baton.supervisor.process.Processes;
import dev.baton.supervisor.resource.Lock;
import dev.baton.supervisor.resource.ResourceException;
import dev.baton.supervisor.resource.RunDirectory;
import dev.baton.supervisor.takeover.Handover;
import dev.baton.supervisor.takeover.State;
import dev.baton.supervisor.takeover.StateFile;
import dev.baton.supervisor.takeover.Succession;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a supervisor comes to its run directory: as the first one, after one that was killed, or as
 * the successor of one that still runs.
 *
 * @param before what the one before has left; null for the first
 * @param attach where workers attach; whoever starts the server with it closes it
 * @param handedOver its listeners, if it still ran
 */
record Arrival(
    @Nullable State before,
    ControlServer control,
    Endpoint attach,
    List<Handover.Offer> handedOver) {
  /** The one before ends as soon as we have said that we have taken over. */
  private static final long LOCK_SECONDS = 10;

  static Arrival at(
      RunDirectory directory,
      Desk desk,
      Map<String, String> environment,
      PrintWriter err,
      Closer closer)
      throws IOException {
    Succession succession = Succession.begin(environment);
    return succession == null
        ? alone(directory, desk, err, closer)
        : after(succession, directory, desk, err, closer);
  }

  private static Arrival alone(RunDirectory directory, Desk desk, PrintWriter err, Closer closer)
      throws IOException {
    closer.register(Lock.take(directory));
    State before = before(directory, err);
    directory.clean();
    Succession.clean(directory.path());
    ControlServer control = closer.register(ControlServer.start(directory.control(), desk));
    return new Arrival(before, control, Endpoint.listen(directory.attach()), List.of());
  }

  private static Arrival after(
      Succession succession, RunDirectory directory, Desk desk, PrintWriter err, Closer closer)
      throws IOException {
    try (succession) {
      if (before(directory, err) == null) {
        throw new IOException("the supervisor before has left no state");
      }
      // Closed only once they have their places: until then a path of theirs is nobody's business.
      ControlServer control = ControlServer.start(Succession.beside(directory.control()), desk);
      Endpoint attach = Endpoint.listen(Succession.beside(directory.attach()));
      succession.takeOver(directory.path());
      control.movedTo(directory.control());
      attach.movedTo(directory.attach());
      closer.register(control);
      closer.register(lock(directory));
      Succession.clean(directory.path());
      return new Arrival(before(directory, err), control, attach, succession.offers());
    }
  }

  private static Lock lock(RunDirectory directory) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LOCK_SECONDS);
    while (true) {
      try {
        return Lock.take(directory);
      } catch (ResourceException e) {
        if (System.nanoTime() - end > 0) {
          throw e;
        }
      }
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }

  private static @Nullable State before(RunDirectory directory, PrintWriter err)
      throws IOException {
    StateFile.Found found = StateFile.read(directory.path());
    for (Path damaged : found.damaged()) {
      err.println(
          "baton: warning: the state of the supervisor before is damaged and was set aside as "
              + damaged
              + "; "
              + strangers(directory));
    }
    State state = found.state();
    return state != null && state.boot().equals(Takeover.boot()) ? state : null;
  }

  /** They serve on, with the listeners that we are to have. */
  private static String strangers(RunDirectory directory) throws IOException {
    List<Long> left = Processes.withVariable(Launcher.ATTACH, directory.attach().toString());
    return left.isEmpty()
        ? "there are no workers of its"
        : "its workers are not known any more and serve on; to be ended by hand: pid "
            + Joiner.on(", ").join(left);
  }
}
