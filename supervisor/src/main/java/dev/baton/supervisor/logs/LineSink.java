package dev.baton.supervisor.logs;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Takes a log in blocks of whole lines, looks at each line, and passes on the wanted ones as the
 * bytes they are. For one thread at a time.
 */
abstract class LineSink {
  private final OutputStream out;

  // Mutable state
  private boolean wanted;

  LineSink(OutputStream out) {
    this.out = out;
  }

  /** Whether the line is wanted; it comes with its line feed, if it has one. */
  abstract boolean wants(byte[] bytes, int from, int to);

  /** Whether nothing that comes can matter any more. */
  boolean isSatisfied() {
    return false;
  }

  /**
   * Takes what begins at the first byte.
   *
   * @param begins whether that is where a line begins; else it goes on with the last one, which was
   *     too long for one block
   */
  final void take(byte[] bytes, int length, boolean begins) throws IOException {
    int waiting = 0;
    int from = 0;
    while (from < length) {
      int end = endOfLine(bytes, from, length);
      if (from > 0 || begins) {
        wanted = wants(bytes, from, end);
      }
      if (!wanted) {
        out.write(bytes, waiting, from - waiting);
        waiting = end;
      }
      from = end;
    }
    out.write(bytes, waiting, length - waiting);
  }

  private static int endOfLine(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '\n') {
        return i + 1;
      }
    }
    return to;
  }

  /** How many of the first bytes are whole lines. */
  static int wholeLines(byte[] bytes, int length) {
    int end = length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    return end;
  }
}
