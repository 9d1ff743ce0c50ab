package dev.baton.supervisor.cli;

import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.Durations;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/** An instant as operators write it: so long ago, or by the clock. */
final class Since {
  private Since() {}

  /**
   * Reads it.
   *
   * @param now what it is relative to, and whose zone counts where none is written
   */
  static Instant parse(String text, ZonedDateTime now) throws ConfigException {
    try {
      if (text.matches("\\d{1,9}d")) {
        return now.minusDays(Long.parseLong(text.substring(0, text.length() - 1))).toInstant();
      }
      if (text.matches("\\d{1,9}(ms|s|m|h)")) {
        return now.toInstant().minus(Durations.parse(text));
      }
      if (text.indexOf(':') < 0) {
        return LocalDate.parse(text).atStartOfDay(now.getZone()).toInstant();
      }
      if (text.indexOf('-') < 0) {
        return now.with(LocalTime.parse(text)).toInstant();
      }
      String instant = text.replace(' ', 'T');
      return instant.matches(".*T.*(Z|[+-]\\d\\d:\\d\\d)")
          ? OffsetDateTime.parse(instant).toInstant()
          : LocalDateTime.parse(instant).atZone(now.getZone()).toInstant();
    } catch (DateTimeException e) {
      throw new ConfigException(
          "'"
              + text
              + "' is no time; write 10m, 2h, 04:00 or "
              + now.toInstant().truncatedTo(ChronoUnit.SECONDS));
    }
  }
}
