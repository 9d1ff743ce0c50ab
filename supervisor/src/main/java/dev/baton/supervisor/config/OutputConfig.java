package dev.baton.supervisor.config;

/**
 * Where a worker's stdout and stderr go.
 *
 * @param path of the log; empty for the default one
 * @param errorPath of a log of its own for stderr; empty when it goes where stdout goes
 */
public record OutputConfig(To to, String path, String errorPath, Rotation rotation) {
  public static final OutputConfig DEFAULT = new OutputConfig(To.FILE, "", "", Rotation.DEFAULT);

  /** The same, rotated otherwise. */
  public OutputConfig at(Rotation other) {
    return new OutputConfig(to, path, errorPath, other);
  }

  /** What is at the other end. */
  public enum To {
    /** A log that the supervisor holds. */
    FILE,
    /** Whatever the supervisor's own stdout and stderr are. */
    INHERIT,
    /** The system journal. */
    JOURNAL
  }
}
