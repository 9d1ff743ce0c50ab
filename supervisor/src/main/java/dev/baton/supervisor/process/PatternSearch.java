package dev.baton.supervisor.process;

import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Looks for an operator's pattern in a text that a worker has written, but not for ever: with some
 * pairs of the two the matcher takes exponential time, or all of its stack.
 */
final class PatternSearch {
  private static final Duration LONGEST = Duration.ofMillis(250);

  /** So rarely is the clock read. */
  private static final int STEPS = 1 << 12;

  private PatternSearch() {}

  /** Whether it is found anywhere; fails when that would take too much. */
  static boolean find(Pattern pattern, String text) throws IOException {
    try {
      return pattern.matcher(new Timed(text, Deadline.after(LONGEST))).find();
    } catch (TooLong | StackOverflowError e) {
      throw new IOException(
          "the pattern '" + pattern + "' takes too long on " + text.length() + " characters", e);
    }
  }

  @SuppressWarnings("serial")
  private static final class TooLong extends RuntimeException {
    TooLong() {
      super(null, null, false, false);
    }
  }

  /** The matcher asks for every character it looks at, each time it does. */
  private static final class Timed implements CharSequence {
    private final String text;
    private final Deadline deadline;
    private int steps;

    Timed(String text, Deadline deadline) {
      this.text = text;
      this.deadline = deadline;
    }

    @Override
    public char charAt(int index) {
      if (++steps % STEPS == 0 && deadline.isPast()) {
        throw new TooLong();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
