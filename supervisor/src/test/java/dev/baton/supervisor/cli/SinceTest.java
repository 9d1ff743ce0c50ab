package dev.baton.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.supervisor.config.ConfigException;
import java.time.Instant;
import java.time.ZonedDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SinceTest {
  private static final ZonedDateTime NOW =
      ZonedDateTime.parse("2026-11-25T09:30:15.5+01:00[Europe/Berlin]");

  @ParameterizedTest
  @CsvSource({
    "500ms, 2026-11-25T08:30:15Z",
    "10m, 2026-11-25T08:20:15.5Z",
    "2h, 2026-11-25T06:30:15.5Z",
    "1d, 2026-11-24T08:30:15.5Z",
    "04:00, 2026-11-25T03:00:00Z",
    "04:00:30, 2026-11-25T03:00:30Z",
    "2026-11-24, 2026-11-23T23:00:00Z",
    "2026-11-24T04:00, 2026-11-24T03:00:00Z",
    "2026-11-24 04:00:05, 2026-11-24T03:00:05Z",
    "2026-11-25T04:00:00Z, 2026-11-25T04:00:00Z",
    "2026-11-25T04:00:00.250-05:00, 2026-11-25T09:00:00.250Z"
  })
  void timeIsSoLongAgoOrByTheClock(String written, Instant expected) throws ConfigException {
    assertEquals(expected, Since.parse(written, NOW));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "soon", "25:00", "2026-13-01", "2026-11-25T", "-5m", "1:2"})
  void whatIsNoTimeIsToldWhatIsOne(String written) {
    ConfigException problem = assertThrows(ConfigException.class, () -> Since.parse(written, NOW));

    assertTrue(
        String.valueOf(problem.getMessage())
            .contains("'" + written + "' is no time; write 10m, 2h"));
  }
}
