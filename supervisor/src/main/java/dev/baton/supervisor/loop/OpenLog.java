package dev.baton.supervisor.loop;

import dev.baton.supervisor.config.LogConfig;
import dev.baton.supervisor.resource.HeldLog;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A log that is open: the file it has now, and what is known of those before. On the loop. */
final class OpenLog {
  // Mutable state
  private LogConfig config;
  private HeldLog file;
  private long number = 1;
  private @Nullable Path lastArchive;
  private final Map<Long, String> identities = new HashMap<>();
  private final Map<Long, Path> archives = new HashMap<>();

  OpenLog(LogConfig config, HeldLog file) {
    this.config = config;
    this.file = file;
    identities.put(number, file.identity());
  }

  LogConfig config() {
    return config;
  }

  void setConfig(LogConfig other) {
    config = other;
  }

  HeldLog file() {
    return file;
  }

  long number() {
    return number;
  }

  /** Which file had that number. */
  String identity(long held) {
    return identities.getOrDefault(held, "");
  }

  /**
   * Another file takes the place.
   *
   * @param archive where the one before is now; null when somebody else has taken it away
   * @return the one before, for whoever calls to close
   */
  HeldLog replace(HeldLog next, @Nullable Path archive) {
    lastArchive = archive;
    if (archive != null) {
      archives.put(number, archive);
    }
    HeldLog before = file;
    number++;
    file = next;
    identities.put(number, next.identity());
    return before;
  }

  /** Where the file before the present one went; null when we do not know. */
  @Nullable Path lastArchive() {
    return lastArchive;
  }

  /**
   * A file from before another supervisor's end, which somebody still writes into.
   *
   * @param archive where it is; null if we do not know
   * @return its number, below all of ours
   */
  long reclaim(String identity, @Nullable Path archive) {
    for (Map.Entry<Long, String> known : identities.entrySet()) {
      if (known.getValue().equals(identity)) {
        return known.getKey();
      }
    }
    long old = Math.min(1, Collections.min(identities.keySet())) - 1;
    identities.put(old, identity);
    if (archive != null) {
      archives.put(old, archive);
    }
    return old;
  }

  /** Nobody writes into that one any more; where it is, if we know. */
  @Nullable Path left(long old) {
    identities.remove(old);
    return archives.remove(old);
  }

  /** Where those are that somebody may still write into. */
  Collection<Path> archives() {
    return archives.values();
  }
}
