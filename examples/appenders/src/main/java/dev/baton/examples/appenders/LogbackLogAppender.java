package dev.baton.examples.appenders;

import ch.qos.logback.core.OutputStreamAppender;
import dev.baton.worker.Worker;
import java.io.IOException;

/**
 * For Logback: writes into the log {@code <log>}, or the one named like the appender.
 *
 * <pre>{@code
 * <appender name="access" class="dev.baton.examples.appenders.LogbackLogAppender">
 *   <log>access</log>
 *   <encoder><pattern>%date %level %logger %msg%n</pattern></encoder>
 * </appender>
 * }</pre>
 */
public final class LogbackLogAppender<E> extends OutputStreamAppender<E> {
  private String log = "";

  public void setLog(String log) {
    this.log = log;
  }

  @Override
  public void start() {
    try {
      setOutputStream(Worker.attach().logFile(log.isEmpty() ? getName() : log).stream());
      super.start();
    } catch (IOException | IllegalArgumentException e) {
      addError("no log for appender " + getName(), e);
    }
  }

  @Override
  protected void writeOut(E event) {
    try {
      super.writeOut(event);
    } catch (IOException e) {
      addError("line lost", e); // and go on: Logback would end here for good, disks get space again
    }
  }
}
