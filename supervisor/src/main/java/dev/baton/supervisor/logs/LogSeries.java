package dev.baton.supervisor.logs;

import com.google.common.collect.Lists;
import dev.baton.supervisor.logs.LogText.Part;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The files that one log has been, the oldest first. Followed, it relies on what a rotation is: a
 * worker writes into the old file until it has moved to the new one, and never again then. So a
 * line in a file stands behind all that this worker has written into older ones, and whoever asks
 * how long the newer files are <em>before</em> reading the older ones to their end, and reads the
 * newer ones only so far, shows no line before an earlier one.
 */
final class LogSeries implements Closeable {
  /** Older files that are kept open, because a worker may not have left them yet. */
  private static final int MOST_OLD = 16;

  /** As much of a line as is looked at to find out whether it is a mark. */
  private static final int MOST_MARK_BYTES = 256;

  /** How much at the end of a log is searched for a mark. */
  private static final long SEARCHED_BYTES = 1 << 20;

  /** As much of the end as may be new when there is none. */
  private static final long STEP_BACK_BYTES = 64 * 1024;

  /** How long a file that is no longer where it was may still get something. */
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final LogPlace place;
  private final Path log;

  // Mutable state
  private final List<LogFile> files = new ArrayList<>();
  private String newest = LogPlace.CURRENT;
  private long startMillis;
  private boolean isInPlace;
  private LineFilter sink = LineFilter.toNobody();
  private @Nullable IOException problem;

  private LogSeries(LogPlace place, Path log) {
    this.place = place;
    this.log = log;
  }

  /** With all that is there. */
  static LogSeries whole(LogPlace place, Path log) {
    LogSeries series = new LogSeries(place, log);
    series.find(false);
    return series;
  }

  /**
   * Without the archives that are there.
   *
   * @param newest the stamp of the last archive that is none of it
   */
  static LogSeries after(LogPlace place, Path log, String newest) {
    LogSeries series = new LogSeries(place, log);
    series.newest = newest;
    return series;
  }

  Path log() {
    return log;
  }

  /**
   * All that are in a place, in the order in which their workers were started.
   *
   * @param generation where each worker has its own, only of this one; 0 for any
   */
  static List<LogSeries> in(LogPlace place, int generation) throws IOException {
    if (!place.isPerWorker()) {
      return List.of(whole(place, place.path()));
    }
    List<LogSeries> sorted = new ArrayList<>();
    for (Path one : place.files().keySet()) {
      if (place.hasLinesOf(one, generation)) {
        LogSeries series = whole(place, one);
        series.startMillis = series.readStart();
        sorted.add(series);
      }
    }
    // What has begun at the same time stays in the order of names.
    sorted.sort(Comparator.comparingLong(series -> series.startMillis));
    return sorted;
  }

  /** By the first mark, or else by the age of the oldest file. */
  private long readStart() throws IOException {
    if (files.isEmpty()) {
      return Long.MAX_VALUE;
    }
    LogFile oldest = files.get(0);
    byte[] bytes = new byte[MOST_MARK_BYTES];
    Part part = new Part(oldest, 0, Long.MAX_VALUE, oldest.isCurrent());
    try (InputStream in = oldest.read(0, bytes.length)) {
      Mark mark = Mark.read(bytes, 0, in.readNBytes(bytes, 0, bytes.length));
      return mark == null ? oldest.modifiedMillis() : mark.at().toEpochMilli();
    } catch (IOException e) {
      problem = e;
      return Long.MAX_VALUE;
    } finally {
      part.close();
    }
  }

  /**
   * What passes on the lines that are wanted.
   *
   * @param before so many of the first ones are not
   */
  LineFilter filter(LogQuery query, OutputStream out, long before) {
    return new LineFilter(out, query, place.isPerWorker() ? 0 : query.generation(), before);
  }

  /**
   * Whether nothing more will come.
   *
   * @param places where there are logs at present
   * @param before an archive of that time or older is not taken for a new one
   */
  boolean isOver(List<LogPlace> places, String before) {
    boolean isPlaced = places.contains(place);
    if (files.isEmpty()) {
      return !isPlaced || (place.isPerWorker() && newest.compareTo(before) <= 0);
    }
    return !isPlaced && files.stream().allMatch(file -> file.idleNanos() >= IDLE_NANOS);
  }

  boolean isEmpty() {
    return files.isEmpty();
  }

  /** Where its lines go from now on. */
  void follow(LineFilter lines) {
    sink = lines;
  }

  /** Why something is not to be seen; null when nothing is missing. */
  @Nullable IOException problem() {
    return problem;
  }

  // Finding

  /** Looks for files that are new, and whether old ones have ended. */
  private void look() {
    find(true);
    for (LogFile file : files) {
      file.look();
    }
  }

  private void find(boolean open) {
    try {
      Object there = LogFile.identity(log);
      LogFile last = files.isEmpty() ? null : files.get(files.size() - 1);
      isInPlace = last != null && last.isCurrent() && last.is(there);
      if (!isInPlace) {
        findNew(isKnown(there), open);
      }
    } catch (IOException e) {
      problem = e; // another time, maybe
    }
  }

  private void findNew(boolean isKnown, boolean open) {
    // Opened before archives are listed: had it been the other way round, one could have appeared
    // in between, and be missed for ever.
    LogFile current = isKnown ? null : current();
    try {
      NavigableMap<String, Boolean> archives = archives();
      boolean isRotated = current != null && !current.is(LogFile.identity(log));
      for (String stamp : archives.tailMap(newest, false).keySet()) {
        newest = stamp;
        LogFile archive = LogFile.archive(log, stamp);
        LogFile known = known(archive, isRotated ? current : null);
        if (known == null) {
          add(archive, open);
        } else {
          known.archivedAt(stamp);
          if (known == current) {
            files.add(current);
            current = null;
          }
        }
      }
    } catch (IOException e) {
      problem = e; // there is the log itself
    }
    if (current != null) {
      files.add(current);
      isInPlace = true;
    }
  }

  /** One that is compressed already is read at once, from wherever it is. */
  private void add(LogFile archive, boolean open) {
    try {
      if (open) {
        archive.open();
      }
    } catch (IOException e) {
      problem = e;
    }
    files.add(archive);
  }

  private @Nullable LogFile current() {
    try {
      return LogFile.current(log);
    } catch (IOException e) {
      problem = e;
      return null; // there may be archives all the same
    }
  }

  private boolean isKnown(@Nullable Object identity) {
    for (LogFile file : files) {
      if (file.is(identity)) {
        return true;
      }
    }
    return false;
  }

  private @Nullable LogFile known(LogFile archive, @Nullable LogFile current) {
    try {
      for (LogFile file : files) {
        if (file.became(archive)) {
          return file;
        }
      }
      return current != null && current.became(archive) ? current : null;
    } catch (IOException e) {
      problem = e; // whoever reads it will find out
      return null;
    }
  }

  private NavigableMap<String, Boolean> archives() throws IOException {
    return place.files().getOrDefault(log, new TreeMap<>());
  }

  // Reading

  /** All there is at this moment. */
  LogText text(byte[] buffer) throws IOException {
    List<Part> parts = new ArrayList<>();
    for (LogFile file : Lists.reverse(files)) {
      // What is no archive is found again under its path only until it becomes one.
      boolean current = file.isCurrent();
      parts.add(new Part(file, 0, current ? file.end() : Long.MAX_VALUE, current));
    }
    return new LogText(Lists.reverse(parts), buffer);
  }

  /** The whole lines there are at this moment; what comes behind them can be followed. */
  LogText textToFollow(byte[] buffer) throws IOException {
    List<Part> parts = new ArrayList<>();
    List<LogFile> followed = new ArrayList<>();
    for (LogFile file : Lists.reverse(files)) {
      boolean isOpen = followed.size() <= MOST_OLD && file.open();
      long end = file.endOfLines(buffer);
      if (isOpen) {
        file.moveTo(end);
        followed.add(file);
      }
      parts.add(new Part(file, 0, end, isOpen));
    }
    files.clear();
    files.addAll(Lists.reverse(followed));
    return new LogText(Lists.reverse(parts), buffer);
  }

  /**
   * Goes back to what we have heard of too late: to the first mark since then, or else by a little,
   * in which there may be lines that are new.
   */
  void stepBack(Instant then, byte[] buffer) throws IOException {
    if (files.isEmpty()) {
      return;
    }
    LogFile file = files.get(files.size() - 1);
    long end = file.end();
    long from = Math.max(0, end - SEARCHED_BYTES);
    FirstMark mark = new FirstMark(then);
    new LogText(List.of(new Part(file, from, end, true)), buffer).read(mark);
    if (mark.isSatisfied()) {
      file.moveTo(from + mark.bytesBefore());
    } else {
      file.moveInto(Math.max(0, end - STEP_BACK_BYTES));
    }
  }

  /**
   * Passes on what has come.
   *
   * @param look whether files may be new, or have got another name
   */
  void copy(byte[] buffer, boolean look) throws IOException {
    if (look) {
      look();
    }
    long[] ends = new long[files.size()];
    for (int i = ends.length - 1; i >= 0; i--) {
      ends[i] = files.get(i).end();
    }
    for (int i = 0; i < ends.length; i++) {
      LogFile file = files.get(i);
      if (file.isOpen()) {
        file.copy(sink, buffer, ends[i]);
      } else {
        new LogText(List.of(new Part(file, 0, ends[i], false)), buffer).read(sink);
      }
      if (file.isEnded()) {
        file.finish(sink, buffer);
      }
    }
    if (look) {
      leaveOld(buffer);
    }
  }

  private void leaveOld(byte[] buffer) throws IOException {
    int newer = files.size();
    for (Iterator<LogFile> all = files.iterator(); all.hasNext(); ) {
      LogFile file = all.next();
      newer--;
      boolean isMissing = file.isCurrent() && (newer > 0 || !isInPlace);
      boolean isIdle = isMissing && file.idleNanos() >= IDLE_NANOS;
      if (!file.isOpen() || file.isEnded() || isIdle || newer > MOST_OLD) {
        file.finish(sink, buffer);
        file.close();
        all.remove();
      }
    }
  }

  /** Passes on lines that nobody has completed. */
  void finish(byte[] buffer) throws IOException {
    for (LogFile file : files) {
      file.finish(sink, buffer);
    }
  }

  @Override
  public void close() throws IOException {
    for (LogFile file : files) {
      file.close();
    }
    files.clear();
  }
}
