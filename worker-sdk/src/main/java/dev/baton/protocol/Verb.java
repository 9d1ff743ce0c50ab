package dev.baton.protocol;

/**
 * The first line of a message. {@code docs/PROTOCOL.md} has a table for each: who sends it, its
 * keys, its descriptors. New verbs may be added anywhere: the wire carries the name, never the
 * ordinal.
 */
public enum Verb {
  // worker to supervisor
  HELLO,
  BIND,
  LISTENING,
  RELEASED,
  SWITCHED,
  CONNECTIONS,
  DUMPED,
  PONG,
  ROTATED,
  FAILED,
  READY,

  /** How its JVM does, in numbers. */
  FIGURES,
  REOFFER,
  REATTACHED,

  // a supervisor and its successor
  PREPARED,
  TAKE_OVER,
  TAKEN,

  /** A worker asks for a named log; to a command it is a row about one. */
  LOG,

  /** A worker asks for the file whose lock is a lease. */
  LEASE,

  /** A worker has something kept for those that come after it. */
  STORE,
  RESTORE,
  DISCARD,

  // supervisor to worker
  WELCOME,
  REFUSED,
  GRANT,
  DENY,
  LOCAL,
  DONE,
  SWITCH,
  COUNT,
  DUMP,
  PING,

  /** Another file under a worker's descriptors; from a command the wish for it. */
  ROTATE,

  // command to supervisor
  START,
  STOP,
  RESTART,
  ROLLBACK,
  SCALE,
  RESET,
  RELOAD,
  HISTORY,

  /** How all is; from a worker what it does, in its own words. */
  STATUS,
  LOGS,
  AUDIT,
  DIAGNOSE,
  UPGRADE,

  // supervisor to command
  PROGRESS,
  OUTPUT,
  OUTCOME,
  PLAN,
  RECORD,
  SUPERVISOR,
  SERVICE,
  WORKER,
  LISTENER,
  DESCRIPTOR,

  /** Where it is written down what a worker does. */
  EVIDENCE,
  RESULT,

  /** The answer to a verb that is not in this list: version skew is a normal case, never fatal. */
  NOT_UNDERSTOOD
}
