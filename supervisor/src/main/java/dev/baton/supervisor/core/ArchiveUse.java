package dev.baton.supervisor.core;

/** What a worker has to do with the class-data archive of its service. */
public enum ArchiveUse {
  NONE,
  /** It takes classes from it. */
  USES,
  /** It writes down which classes it loads, so that one can be made. */
  TRAINS
}
