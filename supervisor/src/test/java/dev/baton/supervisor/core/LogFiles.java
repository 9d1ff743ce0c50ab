package dev.baton.supervisor.core;

import dev.baton.supervisor.config.Rotation;
import java.util.HashSet;
import java.util.Set;

/** One simulated log and its files, as they really are. */
final class LogFiles {
  final LogId id;
  Rotation policy;
  boolean open = true;

  /** The number of the file that is opened last. */
  long present = 1;

  final Set<Long> archived = new HashSet<>();

  boolean rotating;

  /** Whether its path leads to the file after the present one already. */
  boolean renamed;

  /** Whether somebody took it from its path. */
  boolean movedAway;

  /** Whether somebody asked for a new file. */
  boolean requested;

  /** Whether anything else was seen that calls for one. */
  boolean due;

  long begunAt;
  long failedAt;

  private long bytes;
  private long bytesPerSecond;
  private long grownAt;

  LogFiles(LogId id, Rotation policy, long now) {
    this.id = id;
    this.policy = policy;
    this.begunAt = now;
    this.grownAt = now;
  }

  long bytes(long now) {
    return bytes + (now - grownAt) / 1_000_000 * bytesPerSecond / 1000;
  }

  void grow(long rate, long now) {
    bytes = bytes(now);
    grownAt = now;
    bytesPerSecond = rate;
  }

  boolean isTooLarge(long size) {
    return policy.maxBytes() > 0 && size >= policy.maxBytes();
  }

  boolean isTooOld(long now) {
    return !policy.maxAge().isZero() && now - begunAt >= policy.maxAge().toNanos();
  }

  /** The new file is there. */
  void replaced(long now) {
    present++;
    rotating = false;
    renamed = false;
    movedAway = false;
    begunAt = now;
    bytes = 0;
    grownAt = now;
  }

  /** Whether every old file has been archived. */
  boolean isDone() {
    return archived.size() == present - 1;
  }

  @Override
  public String toString() {
    return id + " (" + archived.size() + " of " + present + (rotating ? ", rotating" : "") + ")";
  }
}
