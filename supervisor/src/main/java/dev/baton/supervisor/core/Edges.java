package dev.baton.supervisor.core;

import dev.baton.supervisor.config.WarmUp;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the loop can do to the world. None of it waits for a peer; what comes of it is posted back
 * as a fact.
 */
public interface Edges {
  /**
   * Copies what a generation is launched from, and looks how much memory there is. Posts {@code
   * prepared} or {@code preparationFailed}.
   *
   * @param beside the workers whose memory tells how much a new one will take
   */
  void prepare(String service, Generation generation, Set<WorkerId> beside);

  /**
   * Looks whether what it was launched from has changed since it was copied. Posts {@code
   * compared}.
   */
  void compare(Generation generation);

  /** Removes the copies of a generation that nobody can return to. */
  void discard(String service, int generation);

  /**
   * Posts {@code workerSpawned}, then at its end {@code workerExited}; or {@code spawnFailed}.
   *
   * @param gently with a lower scheduling weight, where it can be raised again
   */
  void spawn(WorkerId id, Generation generation, boolean gently);

  /**
   * Tries the gates once, at its private faces, or at the shared ones when it alone serves. Posts
   * {@code probed}.
   */
  void probe(WorkerId id, Face face);

  /**
   * Has a process of its own send requests to its private faces. Posts {@code warmingUp} now and
   * then, at its end {@code warmedUp}.
   */
  void warmUp(WorkerId id, WarmUp how);

  /** Ends that; posts nothing. */
  void endWarmUp(WorkerId id);

  /** Gives all that was launched for it its full weight, if it has not. Posts {@code raised}. */
  void raise(WorkerId id);

  /** Looks in what it has written, on from the last look. Posts {@code outputSearched}. */
  void searchOutput(WorkerId id, String pattern);

  /**
   * Posts {@code switched} or {@code orderFailed}; neither when this or the next two are asked for
   * meanwhile: a worker has one order at a time, and the last counts.
   */
  void switchTo(WorkerId id, Face face);

  /**
   * Switches it off for good, as far as anybody knows, and tells the application so. Posts what
   * {@link #switchTo} does.
   *
   * @param nanos how long its connections may take to end
   */
  void drain(WorkerId id, long nanos);

  /** Posts {@code connectionsCounted} or {@code orderFailed}. */
  void countConnections(WorkerId id);

  /** Asks for a sign of life; whatever the worker says is one, and posts {@code heard}. */
  void ping(WorkerId id);

  /** Has a class-data archive made of what the worker has loaded. Nobody waits for it. */
  void makeArchive(WorkerId id);

  /** Has the archive it was started with used no more. */
  void setArchiveAside(WorkerId id, String reason);

  /** Sends the stop signal of its generation. */
  void terminate(WorkerId id);

  /**
   * Writes down why the worker is still alive: its threads, its connections, its figures. Posts
   * {@code diagnosed}, unless there is no place for it.
   *
   * @param in the state it does not come out of
   * @param figures what it has told last; null if it has told none
   */
  void diagnose(WorkerId id, WorkerState in, @Nullable Figures figures);

  /**
   * Keeps what a worker that has died has left: what its JVM says of its end, its last lines.
   *
   * @param reason why it died; empty if it was told to end, and then only the former
   */
  void keepRemains(WorkerId id, String reason);

  /** Sends SIGKILL to the worker and to all it has started. */
  void kill(WorkerId id);

  /** The worker is gone: closes what was held for it. */
  void forget(WorkerId id);

  /** Closes the listeners of the service but these, which no worker needs any more. */
  void closeListeners(String service, Set<String> kept);

  /**
   * Ends the slot's part in the reuse-port groups of its service: nobody accepts there any more,
   * and nobody will.
   */
  void closeSlot(String service, int slot);

  /** Tells the log and every command that waits. */
  void announce(Transition transition);

  /** An operation has ended: answers the command that asked for it. */
  void finish(Outcome outcome);
}
