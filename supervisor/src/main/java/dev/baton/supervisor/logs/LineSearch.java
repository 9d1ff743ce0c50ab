package dev.baton.supervisor.logs;

import java.io.OutputStream;
import java.time.Instant;

/** Finds the line of the last mark at or before an instant. */
final class LineSearch extends LineSink {
  private final Instant since;

  // Mutable state
  private long lines;
  private long found;
  private boolean past;

  LineSearch(Instant since) {
    super(OutputStream.nullOutputStream());
    this.since = since;
  }

  /** How many lines are before it; none when there is no such mark. */
  long before() {
    return found;
  }

  @Override
  boolean isSatisfied() {
    return past;
  }

  @Override
  boolean wants(byte[] bytes, int from, int to) {
    Mark mark = past ? null : Mark.read(bytes, from, to);
    if (mark != null && mark.at().isAfter(since)) {
      past = true;
    } else if (mark != null) {
      found = lines;
    }
    lines++;
    return false;
  }
}
