package dev.baton.supervisor.logs;

import java.io.OutputStream;
import java.time.Instant;

/** Finds where the first mark since an instant is. */
final class FirstMark extends LineSink {
  private final Instant since;

  // Mutable state
  private long bytes;
  private boolean found;

  FirstMark(Instant since) {
    super(OutputStream.nullOutputStream());
    this.since = since;
  }

  /** How much is before it. */
  long bytesBefore() {
    return bytes;
  }

  @Override
  boolean isSatisfied() {
    return found;
  }

  @Override
  boolean wants(byte[] line, int from, int to) {
    Mark mark = found ? null : Mark.read(line, from, to);
    found = found || (mark != null && !mark.at().isBefore(since));
    bytes += found ? 0 : to - from;
    return false;
  }
}
