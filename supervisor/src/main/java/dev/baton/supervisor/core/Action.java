package dev.baton.supervisor.core;

/** One thing to do, decided by {@link Supervision#plan} and carried out by the loop. */
public interface Action {
  void performOn(Edges edges);
}
