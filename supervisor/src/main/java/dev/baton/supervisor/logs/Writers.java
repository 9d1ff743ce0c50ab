package dev.baton.supervisor.logs;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which workers write into a log, by the marks read so far. */
final class Writers {
  // Mutable state
  private final Set<String> started = new HashSet<>();
  private final Map<String, Integer> writing = new HashMap<>();

  void told(Mark mark) {
    if (mark.state().equals(Mark.STARTING) && !started.add(mark.worker())) {
      // No two workers of one supervisor have the same name: this is the next supervisor, and
      // nobody has seen the workers of the last one go.
      writing.clear();
      started.clear();
      started.add(mark.worker());
    }
    if (mark.state().equals(Mark.GONE)) {
      writing.remove(mark.worker());
    } else {
      writing.put(mark.worker(), mark.generation());
    }
  }

  /** Whether one of that generation is among them. */
  boolean are(int generation) {
    return writing.containsValue(generation);
  }
}
