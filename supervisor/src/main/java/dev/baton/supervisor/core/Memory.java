package dev.baton.supervisor.core;

/**
 * What there is, and what one worker takes.
 *
 * @param availableBytes what the host or the container has left
 * @param workerBytes resident in the largest worker of the service; 0 when that is not known
 * @param source where the limit comes from, for people
 */
public record Memory(long availableBytes, long workerBytes, String source) {
  private static final long MEBIBYTE = 1024L * 1024;

  /** Nothing is known, so nothing is refused. */
  public static final Memory UNKNOWN = new Memory(Long.MAX_VALUE, 0, "unknown");

  /** How many further workers find room. */
  long fits() {
    return workerBytes == 0 ? Long.MAX_VALUE : availableBytes / workerBytes;
  }

  String shortage(int wanted) {
    return wanted
        + (wanted == 1 ? " more worker takes " : " more workers take ")
        + wanted * workerBytes / MEBIBYTE
        + " MiB beside the old, "
        + source
        + " has "
        + availableBytes / MEBIBYTE
        + " MiB left";
  }
}
