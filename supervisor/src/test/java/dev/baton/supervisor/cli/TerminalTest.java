package dev.baton.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is drawn where. */
final class TerminalTest {
  private static final String KIND = "xterm-256color";

  @Test
  void pipeIsNeverDrawnUpon() {
    Terminal pipe = Terminal.of(false, "", Map.of("TERM", KIND));

    assertFalse(pipe.live());
    assertFalse(pipe.colour());
  }

  @Test
  void terminalThatCannotMoveItsCursorGetsPlainLines() {
    assertFalse(Terminal.of(true, "24 80", Map.of("TERM", "dumb")).live());
    assertFalse(Terminal.of(true, "24 80", Map.of()).live());
    assertTrue(Terminal.of(true, "24 80", Map.of("TERM", KIND)).live());
  }

  @Test
  void noColorIsRespectedWhenItIsNotEmpty() {
    assertFalse(Terminal.of(true, "", Map.of("TERM", KIND, "NO_COLOR", "1")).colour());
    assertFalse(Terminal.of(true, "", Map.of("TERM", KIND, "NO_COLOR", "0")).colour());
    assertTrue(Terminal.of(true, "", Map.of("TERM", KIND, "NO_COLOR", "")).colour());
    assertTrue(Terminal.of(true, "", Map.of("TERM", KIND)).colour());
  }

  @Test
  void sizeIsWhatThereIsAndNoMoreThanIsWished() {
    assertEquals(132, Terminal.of(true, "43 132\n", Map.of()).columns());
    assertEquals(43, Terminal.of(true, "43 132\n", Map.of()).lines());
    assertEquals(60, Terminal.of(true, "43 132", Map.of("COLUMNS", "60")).columns());
    assertEquals(132, Terminal.of(true, "43 132", Map.of("COLUMNS", "200")).columns());
    assertEquals(200, Terminal.of(true, "", Map.of("COLUMNS", "200")).columns());
    assertEquals(80, Terminal.of(true, "0 0", Map.of("COLUMNS", "wide")).columns());
    assertEquals(24, Terminal.of(true, "", Map.of()).lines());
  }

  @Test
  void unicodeNeedsALocaleThatHasIt() {
    assertTrue(Terminal.of(true, "", Map.of("LANG", "de_DE.UTF-8")).unicode());
    assertTrue(Terminal.of(true, "", Map.of("LC_CTYPE", "C.utf8", "LANG", "C")).unicode());
    assertFalse(Terminal.of(true, "", Map.of("LC_ALL", "C", "LANG", "C.UTF-8")).unicode());
    assertFalse(Terminal.of(true, "", Map.of()).unicode());
  }
}
