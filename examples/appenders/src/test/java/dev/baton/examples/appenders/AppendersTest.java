package dev.baton.examples.appenders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.logging.log4j.LogManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Both libraries, configured by their files, where no supervisor is. */
final class AppendersTest {
  private static final Path LOGS = Path.of("logs");

  @BeforeAll
  static void forgetEarlierRuns() throws IOException {
    for (String log : new String[] {"logback-access", "log4j-access", "logback-again"}) {
      Files.deleteIfExists(LOGS.resolve(log + ".log"));
    }
  }

  @Test
  void logbackWritesIntoTheLog() throws IOException {
    LoggerFactory.getLogger("shop").info("sold {} books", 2);
    LoggerFactory.getLogger("shop").warn("sold out");

    assertEquals(
        "INFO sold 2 books\nWARN sold out\n", Files.readString(LOGS.resolve("logback-access.log")));
  }

  @Test
  void log4jWritesIntoTheLogNamedLikeItsAppender() throws IOException {
    LogManager.getLogger("shop").info("sold {} books", 2);
    LogManager.getLogger("shop").warn("sold out");

    assertEquals(
        "INFO sold 2 books\nWARN sold out\n", Files.readString(LOGS.resolve("log4j-access.log")));
  }

  @Test
  void logbackAppenderThatWasStoppedStartsAgain() throws IOException {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Logger again = context.getLogger("again");
    LogbackLogAppender<ILoggingEvent> appender = appender(context, "logback-again");
    again.setAdditive(false);
    again.addAppender(appender);

    again.info("one");
    appender.stop();
    appender.start();
    again.info("two");

    assertEquals("one\ntwo\n", Files.readString(LOGS.resolve("logback-again.log")));
  }

  @Test
  void logbackAppenderWithoutALogDoesNotStartAndSaysSo() {
    LoggerContext context = new LoggerContext();

    assertFalse(appender(context, "no/name").isStarted());

    assertTrue(
        context.getStatusManager().getCopyOfStatusList().stream()
            .anyMatch(status -> status.getMessage().equals("no log for appender no/name")));
  }

  private static LogbackLogAppender<ILoggingEvent> appender(LoggerContext context, String name) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%msg%n");
    encoder.start();
    LogbackLogAppender<ILoggingEvent> appender = new LogbackLogAppender<>();
    appender.setContext(context);
    appender.setName(name);
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }
}
