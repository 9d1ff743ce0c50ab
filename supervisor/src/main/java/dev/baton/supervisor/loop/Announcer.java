package dev.baton.supervisor.loop;

import dev.baton.supervisor.core.Outcome;
import dev.baton.supervisor.core.Transition;
import java.util.List;

/** Whoever wants to hear what happens: the log, and commands that wait. Must not block for long. */
public interface Announcer {
  void announce(Transition transition);

  /**
   * An operation on a service is over.
   *
   * @param output the last lines of the worker that failed, if one did
   */
  void finish(Outcome outcome, List<String> output);

  /** Something about the supervisor itself. */
  void tell(String line);
}
