package dev.baton.supervisor.config;

import java.time.Duration;

/**
 * When a log is rotated, and what is kept of it.
 *
 * @param maxBytes rotated when it has become this large; 0 for any size
 * @param maxAge rotated when it was begun so long ago; zero for any age
 * @param keep how many archives are kept; the oldest go first
 * @param keepBytes how much all archives may take together; 0 for any size
 * @param keepFor how old an archive may become; zero for any age
 * @param compress whether archives are compressed once nobody writes into them
 */
public record Rotation(
    long maxBytes, Duration maxAge, int keep, long keepBytes, Duration keepFor, boolean compress) {
  public static final Rotation DEFAULT =
      new Rotation(100L << 20, Duration.ZERO, 10, 0, Duration.ZERO, true);
}
