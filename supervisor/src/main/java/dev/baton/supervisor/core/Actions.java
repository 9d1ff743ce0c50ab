package dev.baton.supervisor.core;

import java.util.ArrayList;
import java.util.List;

/** The actions decided so far about one service, in their order. */
final class Actions {
  private final List<Action> decided = new ArrayList<>();

  /** What {@link Transition#sinceNanos} counts from while an operation runs. */
  private long operationStartedAt;

  private boolean operating;
  private int changes;

  void add(Action action) {
    decided.add(action);
    changed();
  }

  /** One that asks after something, and decides nothing. */
  void ask(Action action) {
    decided.add(action);
  }

  void announce(Worker worker, String reason, long now) {
    long since = now - (operating ? operationStartedAt : worker.launchedAt());
    Transition transition =
        new Transition(
            worker.id(), worker.state(), worker.pid(), reason, since, worker.timeLeft(now));
    add(edges -> edges.announce(transition));
  }

  void operationStarted(long now) {
    operating = true;
    operationStartedAt = now;
  }

  void operationOver() {
    operating = false;
  }

  /** Notes a decision that asks for nothing yet, but on which others depend. */
  void changed() {
    changes++;
  }

  /** Grows with every decision. */
  int count() {
    return changes;
  }

  /** Hands over what was decided, once. */
  List<Action> take() {
    List<Action> taken = List.copyOf(decided);
    decided.clear();
    return taken;
  }
}
