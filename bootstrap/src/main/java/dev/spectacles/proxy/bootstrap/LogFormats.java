package dev.spectacles.proxy.bootstrap;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import dev.spectacles.proxy.bootstrap.config.Config.LogFormat;
import org.slf4j.LoggerFactory;

/** Applies {@code log.format}. */
final class LogFormats {
  private LogFormats() {}

  /** Makes the log look so from now on; text is what it looks like before. */
  static void apply(LogFormat format) {
    if (format == LogFormat.JSON) {
      var loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
      loggers
          .getLogger(Logger.ROOT_LOGGER_NAME)
          .iteratorForAppenders()
          .forEachRemaining(appender -> encode(appender, loggers));
    }
  }

  private static void encode(Appender<ILoggingEvent> appender, LoggerContext loggers) {
    if (appender instanceof OutputStreamAppender<ILoggingEvent> printing) {
      var lines = new JsonLines();
      lines.setContext(loggers);
      lines.start();
      printing.setEncoder(lines);
    }
  }
}
