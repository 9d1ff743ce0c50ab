package dev.baton.supervisor.config;

/**
 * A file that workers append to.
 *
 * @param name {@code output}, {@code error}, or what the configuration calls it
 * @param path absolute, or relative to the state directory; with {@value #WORKER} in it each worker
 *     has one of its own
 */
public record LogConfig(String name, String path, Rotation rotation) {
  /** What is written in a path for the name of a worker. */
  public static final String WORKER = "{worker}";

  public static final String OUTPUT = "output";
  public static final String ERROR = "error";

  /** The same, rotated otherwise. */
  public LogConfig at(Rotation other) {
    return new LogConfig(name, path, other);
  }

  /** Whether each worker has one of its own. */
  public boolean isPerWorker() {
    return path.contains(WORKER);
  }
}
