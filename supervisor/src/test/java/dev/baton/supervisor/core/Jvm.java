package dev.baton.supervisor.core;

/** One simulated process, as it really is; the supervision knows only what it was told. */
final class Jvm {
  final WorkerId id;
  boolean attached;
  boolean dead;
  boolean deathKnown;
  boolean hung;
  boolean failedAnOrder;
  boolean terminated;
  boolean served;
  long lastSaid;

  /** The face the supervision was told of last. */
  Face told = Face.PRIVATE;

  Jvm(WorkerId id) {
    this.id = id;
  }

  boolean isKnownToServe() {
    return told == Face.SHARED && !deathKnown && !terminated;
  }
}
