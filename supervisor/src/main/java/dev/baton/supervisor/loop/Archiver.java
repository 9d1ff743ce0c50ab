package dev.baton.supervisor.loop;

import dev.baton.supervisor.config.Rotation;
import dev.baton.supervisor.resource.FileHolders;
import dev.baton.supervisor.resource.LogArchives;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Compresses and prunes archives, on a thread of its own: it may take long. An archive that any
 * process of the host still has open, such as a script that started a JVM, stays as it is and is
 * looked at again the next time.
 */
final class Archiver {
  private static final Logger LOG = System.getLogger(Archiver.class.getName());
  private static final String COMPRESSED = ".gz";

  private final Executor thread;

  /** Files that workers may write into; guarded by itself, so that none is pruned meanwhile. */
  private final Set<Path> live = new HashSet<>();

  // Mutable state, touched on the thread only: who may still be compressed, by where logs are
  private final Map<Path, Set<Path>> waiting = new HashMap<>();

  Archiver(Executor thread) {
    this.thread = thread;
  }

  /** Archives of one place, and what is kept of them. */
  record Place(Path path, LogArchives archives, Rotation policy) {}

  /** A file is about to be opened there, and is no archive while it is. Any thread. */
  void opens(Path file) {
    synchronized (live) {
      live.add(file);
    }
  }

  /** It is opened no more. */
  void closed(Path file) {
    synchronized (live) {
      live.remove(file);
    }
  }

  /** Makes a log an archive that workers still write into. Any thread. */
  Path retire(LogArchives archives, Path log) throws IOException {
    synchronized (live) {
      Path archive = archives.retire(log, Instant.now());
      live.add(archive);
      return archive;
    }
  }

  /** Takes up what an earlier supervisor has left there. */
  void begin(Place place) {
    thread.execute(
        () -> {
          try {
            for (Path one : place.archives().all()) {
              if (!one.toString().endsWith(COMPRESSED)) {
                waiting(place).add(one);
              }
            }
            tidy(place);
          } catch (IOException | RuntimeException e) {
            LOG.log(
                Level.WARNING,
                "cannot look for archives of " + place.path() + ": " + e.getMessage());
          }
        });
  }

  /** Nobody we know of writes into that file any more. */
  void left(Place place, Path archive) {
    thread.execute(
        () -> {
          closed(archive);
          waiting(place).add(archive);
          tidy(place);
        });
  }

  /** Somebody who may have had archives open is gone. */
  void lookAgain(Place place) {
    thread.execute(
        () -> {
          if (!waiting(place).isEmpty()) {
            tidy(place);
          }
        });
  }

  private Set<Path> waiting(Place place) {
    return waiting.computeIfAbsent(place.path(), path -> new HashSet<>());
  }

  private boolean isLive(Path file) {
    synchronized (live) {
      return live.contains(file);
    }
  }

  private void tidy(Place place) {
    Set<Path> plain = waiting(place);
    plain.removeIf(one -> isLive(one) || isDone(place, one));
    synchronized (live) {
      try {
        Set<Path> kept = new HashSet<>(live);
        kept.addAll(plain);
        place.archives().prune(Instant.now(), kept);
      } catch (IOException | RuntimeException e) {
        LOG.log(Level.WARNING, String.valueOf(e.getMessage()));
      }
    }
  }

  private static boolean isDone(Place place, Path one) {
    try {
      if (!Files.exists(one)) {
        return true;
      }
      if (FileHolders.isHeld(one, ProcessHandle.current().pid())) {
        return false;
      }
      if (place.policy().compress()) {
        place.archives().compress(one);
      }
      return true;
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, String.valueOf(e.getMessage()));
      return false;
    }
  }
}
