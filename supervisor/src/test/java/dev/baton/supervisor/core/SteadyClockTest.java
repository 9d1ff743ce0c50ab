package dev.baton.supervisor.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class SteadyClockTest {
  private static final long SECOND = 1_000_000_000L;

  private final SteadyClock clock = new SteadyClock();

  @Test
  void ordinaryLatenessIsTime() {
    assertEquals(10 * SECOND + 5, clock.read(10 * SECOND + 5, 10 * SECOND));
  }

  @Test
  void whatWasSleptThroughIsLeftOut() {
    assertEquals(10 * SECOND, clock.read(3600 * SECOND, 10 * SECOND));

    assertEquals(11 * SECOND, clock.read(3601 * SECOND, 11 * SECOND), "and stays so");
  }
}
