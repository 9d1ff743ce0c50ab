package dev.baton.supervisor.process;

import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How far a warm-up is, as the helper writes it to its stdout, a line each time.
 *
 * @param answered requests that were answered
 * @param refused those of them that were answered with a status from 400 to 499
 * @param failed requests without an answer, or with a status of 500 or more
 * @param firstNanos the 99th percentile of the first window; 0 before its end
 * @param lastNanos that of the last
 * @param failure what the last one that failed met with; empty if none has
 */
record WarmUpFigures(
    long answered, long refused, long failed, long firstNanos, long lastNanos, String failure) {
  private static final Pattern LINE =
      Pattern.compile("warm-up (\\d+) (\\d+) (\\d+) (\\d+) (\\d+) (.*)");

  /** Stands before the last ones. */
  static final String OVER = "over ";

  static final WarmUpFigures NONE = new WarmUpFigures(0, 0, 0, 0, 0, "");

  /** Null when it is something else, such as a warning of the JVM. */
  static @Nullable WarmUpFigures parse(String line) {
    Matcher matcher = LINE.matcher(line);
    return matcher.matches()
        ? new WarmUpFigures(
            Long.parseLong(matcher.group(1)),
            Long.parseLong(matcher.group(2)),
            Long.parseLong(matcher.group(3)),
            Long.parseLong(matcher.group(4)),
            Long.parseLong(matcher.group(5)),
            matcher.group(6))
        : null;
  }

  String line() {
    return "warm-up "
        + answered
        + " "
        + refused
        + " "
        + failed
        + " "
        + firstNanos
        + " "
        + lastNanos
        + " "
        + failure.replaceAll("\\p{Cntrl}", " ");
  }

  /** Such as {@code 5210 requests, p99 212ms, now 14ms; 3 failed: / answered 503}. */
  String inWords() {
    StringBuilder words = new StringBuilder();
    words.append(answered).append(" requests");
    if (firstNanos > 0) {
      words.append(", p99 ").append(millis(firstNanos)).append(", now ").append(millis(lastNanos));
    }
    if (refused > 0) {
      words.append("; ").append(refused).append(" were answered 4xx");
    }
    if (failed > 0) {
      words.append("; ").append(failed).append(" failed: ").append(failure);
    }
    return words.toString();
  }

  private static String millis(long nanos) {
    long micros = TimeUnit.NANOSECONDS.toMicros(nanos);
    return micros < 10_000
        ? micros / 1000 + "." + micros / 100 % 10 + "ms"
        : (micros + 500) / 1000 + "ms";
  }
}
