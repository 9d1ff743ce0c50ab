package dev.baton.supervisor.logs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file of a log: what is written now, or an archive. Once it is open it stays the same, whatever
 * becomes of its path.
 */
final class LogFile implements Closeable {
  private static final String PACKED = ".gz";
  private static final int TRIES = 10;
  private static final long UNSIGNED_INT = 0xffffffffL;

  private final Path log;

  // Mutable state
  private String stamp;
  private @Nullable Object identity;
  private @Nullable FileChannel channel;
  private boolean ended;
  private boolean begins = true;
  private long position;
  private long newsAt;

  private LogFile(Path log, String stamp) {
    this.log = log;
    this.stamp = stamp;
  }

  /** Opens what is at the path of the log; null when there is nothing. */
  static @Nullable LogFile current(Path log) throws IOException {
    LogFile file = new LogFile(log, LogPlace.CURRENT);
    return file.open(log) ? file : null;
  }

  /** An archive, which is not opened yet. */
  static LogFile archive(Path log, String stamp) {
    return new LogFile(log, stamp);
  }

  /** What a path leads to; null when that is no file. */
  static @Nullable Object identity(Path path) throws IOException {
    try {
      BasicFileAttributes is =
          Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS);
      return is.isRegularFile() ? is.fileKey() : null;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Opens the uncompressed form, so that it can be followed; returns whether there is one. */
  boolean open() throws IOException {
    return channel != null || open(path());
  }

  private boolean open(Path path) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      Object before = identity(path);
      if (before == null) {
        return false;
      }
      FileChannel opened;
      try {
        opened = FileChannel.open(path, StandardOpenOption.READ, NOFOLLOW_LINKS);
      } catch (NoSuchFileException e) {
        continue;
      }
      // A path does not return to a file it has led to before: it was this one when we opened it.
      if (before.equals(identity(path))) {
        channel = opened;
        identity = before;
        newsAt = System.nanoTime();
        return true;
      }
      opened.close();
    }
    return false; // it is replaced faster than we look: the next time
  }

  /** Where it is uncompressed. */
  private Path path() {
    return isCurrent() ? log : log.resolveSibling(log.getFileName() + "-" + stamp);
  }

  private Path packedPath() {
    return log.resolveSibling(path().getFileName() + PACKED);
  }

  /** Whether it is no archive, as far as we know. */
  boolean isCurrent() {
    return stamp.equals(LogPlace.CURRENT);
  }

  void archivedAt(String archiveStamp) {
    stamp = archiveStamp;
  }

  boolean isOpen() {
    return channel != null;
  }

  boolean is(@Nullable Object other) {
    return identity != null && identity.equals(other);
  }

  /**
   * Whether an archive is this file, which is open. A compressed one is known by its size: it was
   * complete when it was compressed.
   */
  boolean became(LogFile archive) throws IOException {
    if (channel == null || !isCurrent()) {
      return false;
    }
    Object plain = identity(archive.path());
    if (plain != null) {
      return plain.equals(identity);
    }
    try (FileChannel packed = FileChannel.open(archive.packedPath(), StandardOpenOption.READ)) {
      ByteBuffer size = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      packed.read(size, Math.max(0, packed.size() - Integer.BYTES));
      return !size.hasRemaining()
          && (size.getInt(0) & UNSIGNED_INT) == (channel.size() & UNSIGNED_INT);
    } catch (NoSuchFileException e) {
      return false; // it was removed meanwhile
    }
  }

  /**
   * Looks whether anybody can still write into it: an archive goes from its path when nobody does.
   */
  void look() {
    ended = ended || (!isCurrent() && !Files.exists(path(), NOFOLLOW_LINKS));
  }

  /** Whether nothing can come any more that was not there at the last look. */
  boolean isEnded() {
    return ended;
  }

  /** How long nothing has come. */
  long idleNanos() {
    return System.nanoTime() - newsAt;
  }

  /** When somebody wrote into it last; the distant future when that cannot be told. */
  long modifiedMillis() {
    for (Path one : new Path[] {path(), packedPath()}) {
      try {
        return Files.getLastModifiedTime(one, NOFOLLOW_LINKS).toMillis();
      } catch (IOException e) {
        // the other one
      }
    }
    return Long.MAX_VALUE;
  }

  /** Its size, of an archive that is not open whatever it will be when it is read. */
  long end() throws IOException {
    return channel == null ? Long.MAX_VALUE : channel.size();
  }

  /** The end of its last whole line. */
  long endOfLines(byte[] buffer) throws IOException {
    long end = end();
    if (channel == null) {
      return end;
    }
    while (end > 0) {
      int most = (int) Math.min(buffer.length, end);
      int n = channel.read(ByteBuffer.wrap(buffer, 0, most), end - most);
      int whole = LineSink.wholeLines(buffer, Math.max(n, 0));
      end -= most - whole;
      if (whole > 0) {
        return end;
      }
    }
    return 0;
  }

  FileChannel channel() throws IOException {
    if (channel == null) {
      throw new FileNotFoundException(path().toString());
    }
    return channel;
  }

  /** What is in it from one place to another. Once it is closed the file is too. */
  InputStream read(long from, long to) throws IOException {
    if (open()) {
      return new FileRange(channel(), from, to);
    }
    InputStream packed = Files.newInputStream(packedPath());
    try {
      InputStream in = new GZIPInputStream(packed, 1 << 13);
      in.skipNBytes(from);
      return in;
    } catch (IOException | RuntimeException e) {
      try (packed) {
        throw e;
      }
    }
  }

  /** The next thing that is copied is what comes behind this. */
  void moveTo(long next) {
    position = next;
    begins = true;
  }

  /** The same, when this may be in the middle of a line: the rest of it is left out. */
  void moveInto(long next) {
    position = next;
    begins = next == 0;
  }

  /** Passes on the whole lines that have come, but nothing behind {@code end}. */
  void copy(LineSink sink, byte[] buffer, long end) throws IOException {
    if (channel == null) {
      return;
    }
    if (end < position) {
      moveTo(0); // somebody has emptied it
    }
    while (position < end) {
      int most = (int) Math.min(buffer.length, end - position);
      int n = channel.read(ByteBuffer.wrap(buffer, 0, most), position);
      int whole = LineSink.wholeLines(buffer, Math.max(n, 0));
      if (whole == 0 && n < buffer.length) {
        return; // the line is not complete
      }
      pass(sink, buffer, whole == 0 ? n : whole);
    }
  }

  private void pass(LineSink sink, byte[] bytes, int length) throws IOException {
    sink.take(bytes, length, begins);
    begins = bytes[length - 1] == '\n';
    position += length;
    newsAt = System.nanoTime();
  }

  /** Passes on what nobody will complete any more, as a line. */
  void finish(LineSink sink, byte[] buffer) throws IOException {
    if (channel == null) {
      return;
    }
    int n = channel.read(ByteBuffer.wrap(buffer, 0, buffer.length - 1), position);
    if (n > 0 || !begins) {
      int length = Math.max(n, 0);
      buffer[length] = '\n';
      pass(sink, buffer, length + 1);
    }
  }

  @Override
  public void close() throws IOException {
    FileChannel opened = channel;
    channel = null;
    if (opened != null) {
      opened.close();
    }
  }

  @Override
  public String toString() {
    return path().toString();
  }
}
