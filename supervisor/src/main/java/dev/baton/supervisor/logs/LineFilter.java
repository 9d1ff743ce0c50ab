package dev.baton.supervisor.logs;

import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Passes on the lines of one log that are asked for. */
final class LineFilter extends LineSink {
  private final boolean marks;
  private final int generation;
  private final Writers writers = new Writers();

  // Mutable state
  private long before;
  private long skipped;
  private long passed;

  /**
   * Passes on what comes.
   *
   * @param generation 0 for any
   * @param before so many of the first lines are of no interest, but for the marks among them
   */
  LineFilter(OutputStream out, LogQuery query, int generation, long before) {
    super(out);
    this.marks = query.marks();
    this.generation = generation;
    this.before = before;
  }

  /** Passes on nothing. */
  static LineFilter toNobody() {
    return new LineFilter(OutputStream.nullOutputStream(), LogQuery.WHAT_COMES, 0, 0);
  }

  /** Leaves out the first ones of those that would be passed on. */
  void skip(long lines) {
    skipped = lines;
  }

  /** How many lines were passed on, or would have been. */
  long passed() {
    return passed;
  }

  @Override
  boolean wants(byte[] bytes, int from, int to) {
    boolean mark = Mark.isAt(bytes, from, to);
    boolean written = generation == 0 || isWrittenBy(mark ? Mark.read(bytes, from, to) : null);
    if (before > 0) {
      before--;
      return false;
    }
    if (!written || (mark && !marks)) {
      return false;
    }
    passed++;
    return passed > skipped;
  }

  /** The mark of its beginning and that of its end belong to it. */
  private boolean isWrittenBy(@Nullable Mark mark) {
    boolean was = writers.are(generation);
    if (mark != null) {
      writers.told(mark);
    }
    return was || writers.are(generation);
  }
}
