package dev.spectacles.proxy.bootstrap;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** Applies {@code log.level}. */
final class LogLevels {
  /** Libraries whose finer messages nobody can use: netty's show stack traces that mean nothing. */
  private static final Map<String, Level> FLOORS =
      Map.of("io.netty", Level.INFO, "org.redisson", Level.OFF, "com.rabbitmq", Level.ERROR);

  private LogLevels() {}

  static void apply(String name) {
    Level level = Level.toLevel(name);
    logger(Logger.ROOT_LOGGER_NAME).setLevel(level);
    FLOORS.forEach(
        (library, floor) ->
            logger(library).setLevel(level.isGreaterOrEqual(floor) ? level : floor));
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }
}
