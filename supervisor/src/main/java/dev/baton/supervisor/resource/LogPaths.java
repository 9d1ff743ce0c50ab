package dev.baton.supervisor.resource;

import dev.baton.supervisor.config.LogConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where logs are. */
public final class LogPaths {
  private LogPaths() {}

  /**
   * The path of a log.
   *
   * @param state the state directory, to which a path may be relative
   * @param worker whose it is where each worker has one of its own, such as {@code web.g3/1#2};
   *     null leaves the place of the name as it is
   */
  public static Path resolve(Path state, LogConfig log, @Nullable String worker) {
    String path = log.path();
    if (worker != null) {
      path = path.replace(LogConfig.WORKER, fileName(worker));
    }
    return state.resolve(path).toAbsolutePath().normalize();
  }

  /** {@code web.g3-1.2} for {@code web.g3/1#2}. */
  private static String fileName(String worker) {
    return worker.replace('/', '-').replace('#', '.');
  }
}
