package dev.spectacles.proxy.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Everything some loggers say while it is open, and nobody else gets. Thread-safe. */
public final class CapturedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<Logger> loggers;
  private final List<Level> before;

  /** Begins to hear the loggers of these classes, at all levels. */
  public CapturedLog(Class<?>... classes) {
    loggers =
        List.of(classes).stream().map(type -> (Logger) LoggerFactory.getLogger(type)).toList();
    before = loggers.stream().map(Logger::getEffectiveLevel).toList();
    start();
    for (Logger logger : loggers) {
      logger.setLevel(Level.DEBUG);
      logger.setAdditive(false);
      logger.addAppender(this);
    }
  }

  /**
   * What was said until now: a line each, of its level and text and what its thread had noted, then
   * its causes.
   */
  public String text() {
    return String.join("\n", lines);
  }

  @Override
  protected void append(ILoggingEvent event) {
    var line = new StringBuilder(event.getLevel() + " " + event.getFormattedMessage());
    event.getMDCPropertyMap().forEach((name, value) -> line.append(" " + name + "=" + value));
    for (var cause = event.getThrowableProxy(); cause != null; cause = cause.getCause()) {
      line.append('\n').append(cause.getClassName()).append(": ").append(cause.getMessage());
    }
    lines.add(line.toString());
  }

  @Override
  public void close() {
    for (int i = 0; i < loggers.size(); i++) {
      loggers.get(i).detachAppender(this);
      loggers.get(i).setAdditive(true);
      loggers.get(i).setLevel(before.get(i));
    }
    stop();
  }
}
