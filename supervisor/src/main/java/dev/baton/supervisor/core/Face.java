package dev.baton.supervisor.core;

/** What lies under the descriptors of a worker's server. */
public enum Face {
  /** The sockets clients know. */
  SHARED,
  /** Sockets that only the supervisor knows. */
  PRIVATE
}
