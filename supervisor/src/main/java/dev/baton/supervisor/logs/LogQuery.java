package dev.baton.supervisor.logs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which lines of a log are wanted.
 *
 * @param most the last ones only, at most that many; {@link #ALL} for any number
 * @param generation those written while one of its workers wrote; 0 for any
 * @param since from the last mark at or before that instant; null for the first line there is
 * @param marks whether marks are lines like others; else they are left out
 */
public record LogQuery(long most, int generation, @Nullable Instant since, boolean marks) {
  public static final long ALL = -1;

  /** What workers write from now on. */
  public static final LogQuery WHAT_COMES = new LogQuery(0, 0, null, false);

  /** Whether a line has to be looked at from the first one on to know if it is wanted. */
  boolean dependsOnMarks() {
    return generation > 0 || since != null;
  }
}
