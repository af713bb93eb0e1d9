package dev.spectacles.proxy.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class LogLevelsTest {
  @AfterEach
  void restore() {
    LogLevels.apply("info");
  }

  @ParameterizedTest
  @CsvSource({
    "trace, TRACE, INFO, OFF",
    "debug, DEBUG, INFO, OFF",
    "info, INFO, INFO, OFF",
    "warn, WARN, WARN, OFF",
    "error, ERROR, ERROR, OFF"
  })
  void apply_level_holdsForUsAndIsBoundedForLibraries(
      String level, String ours, String netty, String redisson) {
    LogLevels.apply(level);

    assertThat(level("dev.spectacles.proxy.bootstrap.Main")).isEqualTo(Level.toLevel(ours));
    assertThat(level("io.netty.channel")).isEqualTo(Level.toLevel(netty));
    assertThat(level("org.redisson.connection")).isEqualTo(Level.toLevel(redisson));
  }

  private static Level level(String logger) {
    return ((Logger) LoggerFactory.getLogger(logger)).getEffectiveLevel();
  }
}
