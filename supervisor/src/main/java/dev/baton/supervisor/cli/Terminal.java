package dev.baton.supervisor.cli;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What standard output leads to.
 *
 * @param live whether lines can be drawn again in place
 * @param colour whether the operator wants any
 * @param unicode whether more than ASCII gets through
 */
record Terminal(boolean live, int columns, int lines, boolean colour, boolean unicode) {
  private static final int DEFAULT_COLUMNS = 80;
  private static final int DEFAULT_LINES = 24;
  private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,3}) ([1-9]\\d{0,3})");

  /** As the launcher found it; a JVM cannot ask for itself on every version. */
  static Terminal of(Map<String, String> environment) {
    return of(
        Boolean.getBoolean("baton.terminal"),
        System.getProperty("baton.terminal.size", ""),
        environment);
  }

  /**
   * The same from its sources.
   *
   * @param size lines and columns as {@code stty size} prints them, or nothing
   */
  static Terminal of(boolean isTerminal, String size, Map<String, String> environment) {
    Matcher real = SIZE.matcher(size.trim());
    boolean known = real.matches();
    String kind = environment.getOrDefault("TERM", "");
    boolean live = isTerminal && !kind.isEmpty() && !kind.equals("dumb");
    return new Terminal(
        live,
        least(environment.get("COLUMNS"), known ? real.group(2) : "", DEFAULT_COLUMNS),
        least(environment.get("LINES"), known ? real.group(1) : "", DEFAULT_LINES),
        live && environment.getOrDefault("NO_COLOR", "").isEmpty(),
        isUtf8(environment));
  }

  /** What the operator wishes, but no more than there is. */
  private static int least(@Nullable String wished, String real, int otherwise) {
    boolean wishes = wished != null && wished.matches("[1-9]\\d{0,3}");
    int there = real.isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(real);
    int most = wishes ? Integer.parseInt(wished) : Integer.MAX_VALUE;
    int least = Math.min(there, most);
    return least == Integer.MAX_VALUE ? otherwise : least;
  }

  /** The first of these that is set counts, as everywhere in a locale. */
  private static boolean isUtf8(Map<String, String> environment) {
    for (String variable : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
      String value = environment.getOrDefault(variable, "");
      if (!value.isEmpty()) {
        return value.toLowerCase(Locale.ROOT).replace("-", "").endsWith("utf8");
      }
    }
    return false;
  }
}
