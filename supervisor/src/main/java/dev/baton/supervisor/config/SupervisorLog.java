package dev.baton.supervisor.config;

/**
 * The supervisor's own log.
 *
 * @param path absolute, or relative to the state directory
 */
public record SupervisorLog(String path, Format format, Rotation rotation) {
  public static final SupervisorLog DEFAULT =
      new SupervisorLog("logs/supervisor.log", Format.TEXT, Rotation.DEFAULT);

  /** What one line looks like. */
  public enum Format {
    TEXT,
    JSON
  }
}
