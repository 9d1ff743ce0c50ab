package dev.baton.supervisor.logs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was in the files of a log when we looked, as one text: a line may begin in one file and end
 * in the next. A file that cannot be read is left out.
 */
final class LogText {
  private final List<Part> parts;
  private final byte[] buffer;

  // Mutable state
  private int filesRead;
  private @Nullable IOException problem;

  /**
   * A file, from one place to another.
   *
   * @param stays whether somebody else will close it
   */
  record Part(LogFile file, long from, long to, boolean stays) {
    void close() throws IOException {
      if (!stays) {
        file.close();
      }
    }
  }

  /**
   * Of these parts, in their order.
   *
   * @param buffer a line that is longer comes in several pieces
   */
  LogText(List<Part> parts, byte[] buffer) {
    this.parts = parts;
    this.buffer = buffer;
  }

  /** How many files have been read, each time that one was. */
  int filesRead() {
    return filesRead;
  }

  /** Why one was left out; null when none was. */
  @Nullable IOException problem() {
    return problem;
  }

  /** Only of the files that were written to at that time or later. */
  LogText since(long millis) {
    List<Part> later = new ArrayList<>(parts);
    later.removeIf(part -> part.file().modifiedMillis() < millis);
    return new LogText(later, buffer);
  }

  /** Passes on all of it. */
  void read(LineSink sink) throws IOException {
    int filled = 0;
    boolean begins = true;
    for (Part part : parts) {
      try (InputStream in = open(part)) {
        for (int n = next(in, filled); n > 0; n = next(in, filled)) {
          filled += n;
          int whole = LineSink.wholeLines(buffer, filled);
          int taken = whole == 0 && filled == buffer.length ? filled : whole;
          if (taken > 0) {
            sink.take(buffer, taken, begins);
            begins = buffer[taken - 1] == '\n';
            filled -= taken;
            System.arraycopy(buffer, taken, buffer, 0, filled);
          }
          if (sink.isSatisfied()) {
            return;
          }
        }
      } finally {
        part.close();
      }
    }
    if (filled > 0) {
      sink.take(buffer, filled, begins);
    }
  }

  private InputStream open(Part part) {
    try {
      InputStream in = part.file().read(part.from(), part.to());
      filesRead++;
      return in;
    } catch (IOException e) {
      problem = e;
      return InputStream.nullInputStream();
    }
  }

  /** Unlike a problem of whoever takes the lines, one of a file is none of the whole. */
  private int next(InputStream in, int filled) {
    try {
      return in.read(buffer, filled, buffer.length - filled);
    } catch (IOException e) {
      problem = e;
      return -1;
    }
  }

  /**
   * The end of a text.
   *
   * @param text with some lines more, if it could not be cut where the lines begin
   * @param more how many
   * @param lines how many there are, without those
   */
  record Tail(LogText text, long more, long lines) {}

  /**
   * The last lines, at most that many. Reads no more than it has to.
   *
   * @param marks whether marks count
   */
  Tail last(long most, boolean marks) throws IOException {
    long lines = 0;
    for (int i = parts.size() - 1; i >= 0; i--) {
      Part part = parts.get(i);
      List<Part> behind = parts.subList(i + 1, parts.size());
      if (lines >= most) {
        return new Tail(new LogText(behind, buffer), 0, lines);
      }
      Tail tail = lastOf(part, behind, most - lines, marks);
      lines += tail.lines();
      if (lines >= most) {
        return new Tail(tail.text(), tail.more(), lines);
      }
    }
    return new Tail(this, 0, lines);
  }

  private Tail lastOf(Part part, List<Part> behind, long most, boolean marks) throws IOException {
    try {
      if (part.file().open()) {
        long end = Math.min(part.to(), part.file().end());
        Backwards back = new Backwards(part.file().channel(), end, buffer, marks);
        long from = back.find(most);
        return new Tail(
            with(new Part(part.file(), from, part.to(), part.stays()), behind), 0, back.lines());
      }
    } catch (IOException e) {
      return new Tail(with(part, behind), 0, 0); // whoever reads it will find out
    } finally {
      part.close();
    }
    // What is compressed can be read from its beginning only.
    LineFilter count =
        new LineFilter(
            OutputStream.nullOutputStream(), new LogQuery(LogQuery.ALL, 0, null, marks), 0, 0);
    new LogText(List.of(part), buffer).read(count);
    long lines = Math.min(most, count.passed());
    return new Tail(with(part, behind), count.passed() - lines, lines);
  }

  private LogText with(Part first, List<Part> behind) {
    List<Part> all = new ArrayList<>();
    all.add(first);
    all.addAll(behind);
    return new LogText(all, buffer);
  }

  /** Counts lines from the end of a file on. */
  private static final class Backwards {
    private final FileChannel file;
    private final long end;
    private final byte[] buffer;
    private final boolean marks;

    // Mutable state
    private long lines;

    Backwards(FileChannel file, long end, byte[] buffer, boolean marks) {
      this.file = file;
      this.end = end;
      this.buffer = buffer;
      this.marks = marks;
    }

    long lines() {
      return lines;
    }

    /** Where the last lines begin, at most that many. */
    long find(long most) throws IOException {
      int block = buffer.length - Mark.tellingBytes();
      for (long to = end; to > 0; to -= block) {
        long from = Math.max(0, to - block);
        // With so much of the next block as is needed to tell whether a line is a mark.
        int length = fill(from, (int) Math.min(buffer.length, end - from));
        for (int i = (int) (to - from) - 1; i >= 0; i--) {
          boolean begins = i == 0 ? from == 0 || endsLine(from - 1) : buffer[i - 1] == '\n';
          if (begins && (marks || !Mark.isAt(buffer, i, length)) && ++lines == most) {
            return from + i;
          }
        }
      }
      return 0;
    }

    private boolean endsLine(long at) throws IOException {
      ByteBuffer one = ByteBuffer.allocate(1);
      return file.read(one, at) == 1 && one.get(0) == '\n';
    }

    private int fill(long from, int length) throws IOException {
      ByteBuffer into = ByteBuffer.wrap(buffer, 0, length);
      while (into.hasRemaining() && file.read(into, from + into.position()) > 0) {
        // until it is full
      }
      return into.position();
    }
  }
}
