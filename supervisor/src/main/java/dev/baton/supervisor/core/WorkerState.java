package dev.baton.supervisor.core;

/**
 * The life of a worker. Death is possible from everywhere; otherwise:
 *
 * <pre>
 * STARTING -> BOOTING -> WARMING -> READY -> SERVING -> DRAINING -> PARKED -> STOPPING -> KILLED -> GONE
 * DRAINING -> SERVING    the worker that was to replace it died, or the restart is taken back
 * PARKED -> SERVING      a roll-back
 * DRAINING -> STOPPING   it is not kept
 * any of the first four -> STOPPING    it is not wanted or not ready in time
 * </pre>
 *
 * Only {@link Worker#become} changes it.
 */
public enum WorkerState {
  /** Launched; ends when its JVM attaches, or at the start deadline. */
  STARTING,
  /** Attached; ends when it listens on everything it should, or at the start deadline. */
  BOOTING,
  /** Listens on its private faces, where the gates are tried; ends with them or the deadline. */
  WARMING,
  /** Could serve; ends when it is switched on. */
  READY,
  /** On the shared sockets. */
  SERVING,
  /** Switched off; ends when its connections are finished, or when it has lingered long enough. */
  DRAINING,
  /** Kept on its private faces for a roll-back; ends with one, or when it was kept long enough. */
  PARKED,
  /** Got its stop signal; ends with its exit, or at the stop deadline. */
  STOPPING,
  /** Got SIGKILL; ends when it is reaped. */
  KILLED,
  /** Reaped, and its connection closed. */
  GONE;

  /** Whether it was told to leave the shared sockets. */
  public boolean isLeaving() {
    return compareTo(SERVING) > 0;
  }

  /** Whether it was told to end, and so does not come back. */
  public boolean isEnding() {
    return compareTo(PARKED) > 0;
  }
}
