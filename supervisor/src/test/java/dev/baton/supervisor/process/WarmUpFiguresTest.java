package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

/** What the helper says is what the supervisor hears. */
final class WarmUpFiguresTest {
  @Test
  void lineComesBack() {
    WarmUpFigures figures =
        new WarmUpFigures(5210, 2, 3, 212_400_000, 1_440_000, "/ did not answer: reset");

    assertEquals(figures, WarmUpFigures.parse(figures.line()));
    assertEquals(WarmUpFigures.NONE, WarmUpFigures.parse(WarmUpFigures.NONE.line()));
  }

  @Test
  void failureIsOneLine() {
    WarmUpFigures figures = new WarmUpFigures(0, 0, 1, 0, 0, "a\nb");

    assertEquals("warm-up 0 0 1 0 0 a b", figures.line());
  }

  @Test
  void otherLinesAreNone() {
    assertNull(WarmUpFigures.parse("OpenJDK 64-Bit Server VM warning: sharing is off"));
    assertNull(WarmUpFigures.parse("warm-up 1 2 3"));
  }

  @Test
  void wordsSayWhatThereIsToSay() {
    assertEquals("0 requests", WarmUpFigures.NONE.inWords());
    assertEquals(
        "5210 requests, p99 212ms, now 1.4ms",
        new WarmUpFigures(5210, 0, 0, 212_400_000, 1_440_000, "").inWords());
    assertEquals(
        "7 requests, p99 10ms, now 9.9ms; 2 were answered 4xx; 3 failed: / answered 503",
        new WarmUpFigures(7, 2, 3, 10_000_000, 9_999_000, "/ answered 503").inWords());
  }
}
