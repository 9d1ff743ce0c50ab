package dev.baton.supervisor.logs;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Shows what is written into logs, across their rotations: each line once, those of one worker in
 * their order. A reader only: nobody waits for it. Sleeps in inotify while nobody writes.
 */
public final class LogFollower implements Closeable {
  /** For what is no event of a directory we know. */
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** The clock of files is coarser than ours. */
  private static final Duration COARSE = Duration.ofMillis(20);

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final Supplier<? extends List<LogPlace>> places;
  private final LogQuery query;
  private final OutputStream out;
  private final byte[] buffer;
  private final WatchService changes;

  // Mutable state
  private final Map<Path, LogSeries> series = new LinkedHashMap<>();
  private final Set<LogPlace> known = new HashSet<>();
  private Instant looked = Instant.EPOCH;
  private long lookedAt;
  private boolean closed;

  private LogFollower(
      Supplier<? extends List<LogPlace>> places,
      LogQuery query,
      OutputStream out,
      int bufferBytes,
      WatchService changes) {
    this.places = places;
    this.query = query;
    this.out = out;
    this.buffer = new byte[bufferBytes];
    this.changes = changes;
  }

  /**
   * Shows what is wanted of what is there, and remembers where that ends.
   *
   * @param places where the logs are, at the moment that it is asked
   * @param bufferBytes how much is read at a time
   */
  public static LogFollower start(
      Supplier<? extends List<LogPlace>> places, LogQuery query, OutputStream out, int bufferBytes)
      throws IOException {
    WatchService changes = FileSystems.getDefault().newWatchService();
    LogFollower follower = new LogFollower(places, query, out, bufferBytes, changes);
    try {
      follower.begin();
      return follower;
    } catch (IOException | RuntimeException e) {
      try (follower) {
        throw e;
      }
    }
  }

  private synchronized void begin() throws IOException {
    looked();
    for (LogPlace place : places.get()) {
      if (known.add(place)) {
        watch(place);
        List<LogSeries> there = LogSeries.in(place, query.generation());
        there.forEach(one -> series.put(one.log(), one));
        LogReader reader = new LogReader(query, out, buffer);
        reader.show(there, true);
        if (query.most() != 0) {
          reader.checkRead();
        }
      }
    }
    out.flush();
  }

  private void looked() {
    looked = Instant.now().minus(COARSE);
    lookedAt = System.nanoTime();
  }

  /** Shows what comes, until this is closed. */
  public void follow() throws IOException, InterruptedException {
    try {
      while (true) {
        boolean look = false;
        WatchKey key = changes.poll(LOOK_NANOS, TimeUnit.NANOSECONDS);
        for (; key != null; key = changes.poll()) {
          for (WatchEvent<?> event : key.pollEvents()) {
            look |= event.kind() != StandardWatchEventKinds.ENTRY_MODIFY;
          }
          key.reset();
        }
        copy(look);
      }
    } catch (ClosedWatchServiceException e) {
      // It has been long enough.
    }
  }

  /**
   * Shows what has come.
   *
   * @param look whether files may be new, or have got another name
   */
  synchronized void copy(boolean look) throws IOException {
    if (closed) {
      return;
    }
    boolean looks = look || System.nanoTime() - lookedAt >= LOOK_NANOS;
    if (looks) {
      find();
    }
    for (LogSeries one : series.values()) {
      one.copy(buffer, looks);
    }
    out.flush();
  }

  /** A path may lead to another directory by now, and a place may be new. */
  private void find() throws IOException {
    Instant before = looked;
    String stamp = STAMP.format(before);
    looked();
    List<LogPlace> now = places.get();
    known.retainAll(now);
    for (Iterator<LogSeries> all = series.values().iterator(); all.hasNext(); ) {
      LogSeries one = all.next();
      if (one.isOver(now, stamp)) {
        one.finish(buffer);
        one.close();
        all.remove();
      }
    }
    for (LogPlace place : now) {
      watch(place);
      if (known.add(place)) {
        findLate(place, before);
      } else if (place.isPerWorker()) {
        findNew(place, stamp);
      }
    }
  }

  /** There may have been logs before, but not for us. */
  private void findLate(LogPlace place, Instant before) throws IOException {
    for (LogSeries one : LogSeries.in(place, query.generation())) {
      if (series.containsKey(one.log())) {
        one.close(); // it was gone for a moment only
      } else {
        one.textToFollow(buffer);
        one.stepBack(before, buffer);
        add(one);
      }
    }
  }

  /** Of workers that have been started since. */
  private void findNew(LogPlace place, String before) throws IOException {
    for (Map.Entry<Path, NavigableMap<String, Boolean>> log : place.files().entrySet()) {
      String newest = log.getValue().lastKey();
      boolean isThere = log.getValue().containsKey(LogPlace.CURRENT);
      boolean isNew = !series.containsKey(log.getKey());
      if (isNew
          && (isThere || newest.compareTo(before) > 0)
          && place.hasLinesOf(log.getKey(), query.generation())) {
        add(LogSeries.after(place, log.getKey(), before));
      }
    }
  }

  private void add(LogSeries one) {
    one.follow(one.filter(query, out, 0));
    series.put(one.log(), one);
  }

  /** Does nothing where it is watched already. */
  private void watch(LogPlace place) {
    try {
      place
          .directory()
          .register(
              changes,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_DELETE,
              StandardWatchEventKinds.ENTRY_MODIFY);
    } catch (IOException e) {
      // It is not there yet; we look from time to time.
    }
  }

  /** Shows the rest, then stops. */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    try (changes) {
      copy(true);
      for (LogSeries one : series.values()) {
        one.finish(buffer);
      }
      out.flush();
    } finally {
      closed = true;
      for (LogSeries one : series.values()) {
        one.close();
      }
    }
  }
}
