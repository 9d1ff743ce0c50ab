package dev.baton.supervisor.cli;

import java.io.PrintWriter;
import java.util.List;

/**
 * The last lines of a terminal, which can be drawn again. Between two drawings the cursor is
 * visible, at the beginning of the line below, and lines wrap as usual: whoever is killed leaves
 * nothing to restore.
 */
final class Screen {
  /** Else the terminal wraps a line it is too narrow for, and our count of lines is wrong. */
  private static final String BEGIN = "\033[?25l\033[?7l";

  private static final String END = "\033[?7h\033[?25h";
  private static final String CLEAR_TO_END_OF_LINE = "\033[K";
  private static final String CLEAR_BELOW = "\033[J";

  private final PrintWriter out;

  // Mutable state
  private int drawn;

  Screen(PrintWriter out) {
    this.out = out;
  }

  /** In place of what was drawn before, in one write. */
  void draw(List<String> lines) {
    StringBuilder text = new StringBuilder(BEGIN);
    if (drawn > 0) {
      text.append("\033[").append(drawn).append('A');
    }
    text.append('\r');
    for (String line : lines) {
      text.append(line).append(CLEAR_TO_END_OF_LINE).append('\n');
    }
    out.print(text.append(CLEAR_BELOW).append(END));
    out.flush();
    drawn = lines.size();
  }

  /** Removes what was drawn and lets something be written that stays; the next drawing is below. */
  void above(Runnable write) {
    draw(List.of());
    drawn = 0;
    write.run();
  }

  /** Below what was drawn, which stays. */
  void print(String line) {
    out.println(line);
    out.flush();
    drawn = 0;
  }
}
