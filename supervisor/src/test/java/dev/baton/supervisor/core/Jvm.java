package dev.baton.supervisor.core;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One simulated process, as it really is; the supervision knows only what it was told. */
final class Jvm {
  final WorkerId id;
  int pid;
  boolean scripted;
  boolean attached;
  boolean dead;
  boolean exitKnown;
  boolean detachKnown;
  boolean hung;
  boolean failedAnOrder;
  boolean terminated;
  boolean served;
  boolean closed;
  boolean warming;
  boolean lowered;
  boolean cannotBeRaised;
  long lastSaid;
  int lastOrder;
  ArchiveUse archive = ArchiveUse.NONE;
  final Set<String> listening = new TreeSet<>();

  /** The face it was ordered to and has not confirmed; null for none. */
  @Nullable Face ordered;

  /** The face the supervision was told of last. */
  Face told = Face.PRIVATE;

  Jvm(WorkerId id) {
    this.id = id;
  }

  int jvm() {
    return scripted ? pid + 5000 : pid;
  }

  /** The end of a script says nothing about the JVM it started. */
  boolean deathKnown() {
    return exitKnown && (detachKnown || !scripted || !attached);
  }

  boolean isKnownToServe() {
    return mayServe() && !detachKnown;
  }

  boolean mayServe() {
    return told == Face.SHARED && !deathKnown() && !terminated;
  }
}
