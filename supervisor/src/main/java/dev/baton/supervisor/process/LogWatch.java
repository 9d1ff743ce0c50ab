package dev.baton.supervisor.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a line in a file that somebody else writes: reads each byte once, however often it is
 * asked, and nothing any more once the line was found. Holds no descriptor between two looks. Used
 * by one thread at a time.
 */
public final class LogWatch {
  private static final int CHUNK_BYTES = 16 * 1024;

  /** Of a longer line only the beginning is looked at. */
  private static final int MOST_LINE_BYTES = 16 * 1024;

  private static final int MOST_SHOWN = 200;

  /** A file may be gigabytes long when it is first looked at: the rest is for the next look. */
  private static final Duration ONE_LOOK = Duration.ofSeconds(1);

  private final Path file;
  private final Pattern pattern;

  // Mutable state
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long position;
  private @Nullable String found;

  private LogWatch(Path file, Pattern pattern) {
    this.file = file;
    this.pattern = pattern;
  }

  /** From the first line on; the file need not exist yet. */
  public static LogWatch fromTheStart(Path file, Pattern pattern) {
    return new LogWatch(file, pattern);
  }

  /**
   * The first line in which the pattern was found, cut to what a message can hold; null when there
   * is none so far. A line counts when it is complete, with its line feed.
   *
   * @throws IOException when the file cannot be read, or when the matcher took too long on a line;
   *     the next look goes on behind it
   */
  public @Nullable String look() throws IOException {
    if (found == null) {
      readOn();
    }
    return found;
  }

  /** How far it has read. */
  long position() {
    return position;
  }

  private void readOn() throws IOException {
    Deadline deadline = Deadline.after(ONE_LOOK);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() < position) { // truncated, or another file by now
        position = 0;
        line.reset();
      }
      byte[] bytes = new byte[CHUNK_BYTES];
      int n = channel.read(ByteBuffer.wrap(bytes), position);
      while (n > 0 && found == null && !deadline.isPast()) {
        take(bytes, n, deadline);
        n = channel.read(ByteBuffer.wrap(bytes), position);
      }
    } catch (NoSuchFileException e) {
      // Nothing was written yet.
    }
  }

  /** Counts as read only what it has looked at. */
  private void take(byte[] bytes, int length, Deadline deadline) throws IOException {
    int from = 0;
    while (from < length && found == null && !deadline.isPast()) {
      int end = from;
      while (end < length && bytes[end] != '\n') {
        end++;
      }
      line.write(bytes, from, Math.min(end - from, MOST_LINE_BYTES - line.size()));
      boolean complete = end < length;
      int next = complete ? end + 1 : end;
      position += next - from;
      from = next;
      if (complete) {
        finishLine();
      }
    }
  }

  private void finishLine() throws IOException {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (text.endsWith("\r")) {
      text = text.substring(0, text.length() - 1);
    }
    if (PatternSearch.find(pattern, text)) {
      found = text.substring(0, Math.min(text.length(), MOST_SHOWN));
    }
  }
}
