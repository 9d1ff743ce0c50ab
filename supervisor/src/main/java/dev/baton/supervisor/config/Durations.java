package dev.baton.supervisor.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as operators write them: a number and its unit. */
public final class Durations {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  private Durations() {}

  public static Duration parse(String text) throws ConfigException {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new ConfigException("'" + text + "' is no duration; write 500ms, 30s, 5m or 1h");
    }
    long number = Long.parseLong(form.group(1));
    return switch (form.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }

  /** The shortest form that loses no more than a few percent: 3 ms, 470 ms, 1.25 s, 12 s, 5 min. */
  public static String print(long nanos) {
    double seconds = nanos / 1e9;
    if (seconds < 1) {
      return String.format("%.0f ms", seconds * 1000);
    }
    if (seconds < 10) {
      return String.format("%.2f s", seconds);
    }
    return seconds < 600
        ? String.format("%.0f s", seconds)
        : String.format("%.0f min", seconds / 60);
  }
}
