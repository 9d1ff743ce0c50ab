package dev.baton.agent;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Paths of unix sockets that belong to the supervisor. Applications remove "their" socket before
 * they bind and after they stop; clients of the other generation would find no path.
 */
final class HeldPaths {
  private final Set<Path> paths = ConcurrentHashMap.newKeySet();
  private final Runnable hookDeletes;
  private boolean hooked;

  /**
   * @param hookDeletes makes deletions ask {@link #isHeld}; run once, before the first path is held
   */
  HeldPaths(Set<String> paths, Runnable hookDeletes) {
    this.hookDeletes = hookDeletes;
    for (String path : paths) {
      hold(Path.of(path));
    }
  }

  synchronized void hold(Path path) {
    paths.add(path.toAbsolutePath().normalize());
    if (!hooked) {
      hooked = true;
      hookDeletes.run();
    }
  }

  boolean isHeld(Path path) {
    return paths.contains(path.toAbsolutePath().normalize());
  }
}
