package dev.baton.supervisor.core;

/**
 * What the loop can do to the world. None of it waits for a peer; what comes of it is posted back
 * as a fact.
 */
public interface Edges {
  /** Posts {@code workerSpawned}, then at its end {@code workerExited}; or {@code spawnFailed}. */
  void spawn(WorkerId id);

  /** Tries the gate once. Posts {@code probed}. */
  void probe(WorkerId id);

  /** Posts {@code switched} or {@code orderFailed}. */
  void switchTo(WorkerId id, Face face);

  /** Posts {@code connectionsCounted} or {@code orderFailed}. */
  void countConnections(WorkerId id);

  /** Sends SIGTERM. */
  void terminate(WorkerId id);

  /** Has the worker print its threads into its log. */
  void dumpThreads(WorkerId id);

  /** Sends SIGKILL to the worker and to all it has started. */
  void kill(WorkerId id);

  /** The worker is gone: closes what was held for it. */
  void forget(WorkerId id);

  /** Tells the log and every command that waits. */
  void announce(Transition transition);

  /** The restart is over: answers the command that asked for it. */
  void finishRestart(Outcome outcome);
}
