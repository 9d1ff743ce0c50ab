package dev.baton.supervisor.loop;

/** Looks on after every turn of the loop, on the loop; must not block. */
public interface Turn {
  void after(SupervisorLoop.Status status);

  /** How many nanoseconds may pass until the next turn, whether anything happens or not. */
  long atMost();
}
