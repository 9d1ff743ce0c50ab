package dev.baton.supervisor.logs;

import com.google.common.collect.Lists;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows what is in a log: its archives, the oldest first, then what is written at present. */
public final class LogReader {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final LogQuery query;
  private final OutputStream out;
  private final byte[] buffer;

  // Mutable state
  private int filesRead;
  private @Nullable IOException problem;

  LogReader(LogQuery query, OutputStream out, byte[] buffer) {
    this.query = query;
    this.out = out;
    this.buffer = buffer;
  }

  /**
   * Shows the wanted lines of one log, as the bytes they are. Where each worker has one of its own,
   * one after the other in the order of their start.
   *
   * @throws IOException when nothing could be read, with the reason; when it cannot be written
   */
  public static void show(LogPlace place, LogQuery query, OutputStream out) throws IOException {
    LogReader reader = new LogReader(query, out, new byte[BUFFER_BYTES]);
    List<LogSeries> series = LogSeries.in(place, query.generation());
    boolean isEmpty = true;
    try {
      for (LogSeries one : series) {
        isEmpty &= one.isEmpty();
      }
      reader.show(series, false);
    } finally {
      for (LogSeries one : series) {
        one.close();
      }
    }
    reader.checkRead();
    if (isEmpty) {
      throw new NoSuchFileException(place.path().toString());
    }
  }

  /** Fails when there is something, but nothing that can be read. */
  void checkRead() throws IOException {
    IOException first = problem;
    if (filesRead == 0 && first != null) {
      throw first;
    }
  }

  /** A log, and what of it is read. */
  private record Source(LogSeries series, LogText text, long before) {
    LineFilter filter(LogQuery query, OutputStream out) {
      return series.filter(query, out, before);
    }
  }

  /**
   * Shows these as one.
   *
   * @param follow whether what comes behind what is shown is to be followed
   */
  void show(List<LogSeries> series, boolean follow) throws IOException {
    List<Source> sources = new ArrayList<>();
    for (LogSeries one : series) {
      sources.add(source(one, follow));
    }
    if (query.most() == LogQuery.ALL || query.dependsOnMarks()) {
      long surplus = query.most() == LogQuery.ALL ? 0 : count(sources) - query.most();
      for (Source source : sources) {
        surplus -= show(source, surplus);
      }
    } else {
      showLast(sources);
    }
  }

  private Source source(LogSeries series, boolean follow) throws IOException {
    LogText all = follow ? series.textToFollow(buffer) : series.text(buffer);
    problem = series.problem() == null ? problem : series.problem();
    if (query.since() == null) {
      return new Source(series, all, 0);
    }
    LogText text = all.since(query.since().toEpochMilli());
    LineSearch search = new LineSearch(query.since());
    read(text, search);
    return new Source(series, text, search.before());
  }

  private long count(List<Source> sources) throws IOException {
    long lines = 0;
    for (Source source : sources) {
      LineFilter filter = source.filter(query, OutputStream.nullOutputStream());
      read(source.text(), filter);
      lines += filter.passed();
    }
    return lines;
  }

  /** Returns how many lines it has left out of those that are wanted. */
  private long show(Source source, long surplus) throws IOException {
    LineFilter filter = source.filter(query, out);
    filter.skip(Math.max(0, surplus));
    read(source.text(), filter);
    source.series().follow(filter);
    return Math.min(filter.passed(), Math.max(0, surplus));
  }

  private void showLast(List<Source> sources) throws IOException {
    List<Source> last = new ArrayList<>();
    List<Long> skipped = new ArrayList<>();
    long lines = 0;
    for (Source source : Lists.reverse(sources)) {
      LogText.Tail tail = source.text().last(query.most() - lines, query.marks());
      lines += tail.lines();
      last.add(new Source(source.series(), tail.text(), 0));
      skipped.add(tail.more());
    }
    for (int i = last.size() - 1; i >= 0; i--) {
      show(last.get(i), skipped.get(i));
    }
  }

  private void read(LogText text, LineSink sink) throws IOException {
    text.read(sink);
    filesRead += text.filesRead();
    problem = text.problem() == null ? problem : text.problem();
  }
}
