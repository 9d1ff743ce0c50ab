package dev.baton.supervisor.logs;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line of the supervisor in the output of workers: {@code === baton 2026-11-25T04:18:05.123Z
 * web.g2/0 serving: switched on}.
 *
 * @param worker such as {@code web.g2/0}
 * @param state what it is in from then on
 */
record Mark(Instant at, String worker, int generation, String state) {
  static final String STARTING = "starting";
  static final String GONE = "gone";

  private static final byte[] BEGIN = "=== baton ".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern FORM =
      Pattern.compile(
          "=== baton (?<at>\\S+) (?<worker>\\S+\\.g(?<generation>\\d{1,9})/\\S+) (?<state>[a-z]+):.*",
          Pattern.DOTALL);

  /** Whether it is one, as {@code grep '^=== baton '} sees it. */
  static boolean isAt(byte[] bytes, int from, int to) {
    if (to - from < BEGIN.length) {
      return false;
    }
    for (int i = 0; i < BEGIN.length; i++) {
      if (bytes[from + i] != BEGIN[i]) {
        return false;
      }
    }
    return true;
  }

  /** How many bytes tell whether a line is one. */
  static int tellingBytes() {
    return BEGIN.length;
  }

  /** What it says; null when it is none, or none that we write. */
  static @Nullable Mark read(byte[] bytes, int from, int to) {
    if (!isAt(bytes, from, to)) {
      return null;
    }
    Matcher mark = FORM.matcher(new String(bytes, from, to - from, StandardCharsets.UTF_8));
    if (!mark.matches()) {
      return null;
    }
    try {
      return new Mark(
          Instant.parse(mark.group("at")),
          mark.group("worker"),
          Integer.parseInt(mark.group("generation")),
          mark.group("state"));
    } catch (DateTimeException e) {
      return null;
    }
  }
}
