package dev.baton.supervisor.resource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The end of a log, and the marks in it. */
public final class LogTail {
  /** What every mark begins with, and hopefully no line of an application. */
  public static final String MARK = "=== baton ";

  /** As much of the end as is looked at for the last lines. */
  private static final int TAIL_BYTES = 16 * 1024;

  private LogTail() {}

  /** A line that says what happens, and when. */
  public static String mark(String what) {
    return MARK + Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + what;
  }

  /**
   * The last lines of applications, at most that many.
   *
   * @param from the first byte that counts
   */
  public static List<String> lastLines(Path file, long from, int most) {
    try (RandomAccessFile reader = new RandomAccessFile(file.toFile(), "r")) {
      long first = Math.max(from, reader.length() - TAIL_BYTES);
      byte[] tail = new byte[(int) Math.max(0, reader.length() - first)];
      reader.seek(first);
      reader.readFully(tail);
      List<String> lines =
          new String(tail, StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith(MARK))
              .toList();
      return lines.subList(Math.max(0, lines.size() - most), lines.size());
    } catch (IOException e) {
      return List.of("(its output cannot be read: " + e.getMessage() + ")");
    }
  }
}
