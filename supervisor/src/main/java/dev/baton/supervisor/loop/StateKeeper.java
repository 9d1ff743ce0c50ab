package dev.baton.supervisor.loop;

import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.core.Snapshot;
import dev.baton.supervisor.takeover.State;
import dev.baton.supervisor.takeover.StateFile;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what was decided before it is done: so the next supervisor knows of everything that
 * may have been done. On the loop; the file is small and in memory, as a rule.
 */
final class StateKeeper implements Closeable {
  private static final Logger LOG = System.getLogger(StateKeeper.class.getName());

  private final StateFile file;

  // Mutable state
  private @Nullable State last;
  private String problem = "";

  StateKeeper(StateFile file) {
    this.file = file;
  }

  /**
   * Whether that is what was written last. What else is in a state changes only with these: the
   * start of a process with its pid, a launch with its being prepared.
   */
  boolean isKept(Config desired, long lastOperation, Snapshot supervision) {
    return last != null
        && last.desired().equals(desired)
        && last.lastOperation() == lastOperation
        && last.supervision().equals(supervision);
  }

  /** A state that cannot be written is no reason not to serve. */
  void keep(State state) {
    try {
      file.write(state);
      last = state;
      if (!problem.isEmpty()) {
        LOG.log(Level.INFO, "the state is written again");
        problem = "";
      }
    } catch (IOException e) {
      String what = String.valueOf(e.getMessage());
      if (!what.equals(problem)) {
        problem = what;
        LOG.log(
            Level.WARNING,
            "cannot write the state, without which the next supervisor knows an older one: "
                + what);
      }
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
