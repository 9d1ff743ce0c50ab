package dev.baton.examples.appenders;

import dev.baton.worker.Worker;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.Core;
import org.apache.logging.log4j.core.Filter;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.appender.AppenderLoggingException;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.config.plugins.PluginAttribute;
import org.apache.logging.log4j.core.config.plugins.PluginElement;
import org.apache.logging.log4j.core.config.plugins.PluginFactory;
import org.apache.logging.log4j.core.config.plugins.validation.constraints.Required;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.jspecify.annotations.Nullable;

/**
 * For Log4j 2: writes into the log {@code log}, or the one named like the appender.
 *
 * <pre>{@code
 * <BatonLog name="access" log="access"><PatternLayout pattern="%d %p %c %m%n"/></BatonLog>
 * }</pre>
 */
@Plugin(name = "BatonLog", category = Core.CATEGORY_NAME, elementType = Appender.ELEMENT_TYPE)
public final class Log4jLogAppender extends AbstractAppender {
  private final OutputStream stream;

  private Log4jLogAppender(
      String name, @Nullable Filter filter, Layout<?> layout, OutputStream stream) {
    super(name, filter, layout, true, Property.EMPTY_ARRAY);
    this.stream = stream;
  }

  @PluginFactory
  public static @Nullable Log4jLogAppender create(
      @Required @PluginAttribute("name") String name,
      @PluginAttribute("log") @Nullable String log,
      @PluginElement("Layout") @Nullable Layout<?> layout,
      @PluginElement("Filter") @Nullable Filter filter) {
    try {
      OutputStream stream = Worker.attach().logFile(log == null ? name : log).stream();
      Layout<?> lines = layout == null ? PatternLayout.createDefaultLayout() : layout;
      return new Log4jLogAppender(name, filter, lines, stream);
    } catch (IOException | IllegalArgumentException e) {
      LOGGER.error("no log for appender {}", name, e);
      return null;
    }
  }

  @Override
  public void append(LogEvent event) {
    try {
      stream.write(getLayout().toByteArray(event)); // one event, one write
    } catch (IOException e) {
      throw new AppenderLoggingException(e);
    }
  }
}
