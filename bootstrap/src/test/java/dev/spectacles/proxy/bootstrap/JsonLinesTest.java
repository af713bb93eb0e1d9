package dev.spectacles.proxy.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class JsonLinesTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00.123Z");

  private final LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final JsonLines lines = new JsonLines();

  @BeforeEach
  void start() {
    lines.setContext(loggers);
    lines.start();
  }

  @Test
  void message_isOneObjectOnOneLine() throws Exception {
    JsonNode line = encoded(event("two\nlines \"of\" {}\t\u0001", null, "é😀"));

    assertThat(line.get("message").asText()).isEqualTo("two\nlines \"of\" é😀\t\u0001");
    assertThat(line.get("timestamp").asText()).isEqualTo("2026-11-22T12:00:00.123Z");
    assertThat(line.get("level").asText()).isEqualTo("WARN");
    assertThat(line.get("loggerName").asText()).isEqualTo("some.Logger");
    assertThat(line.get("threadName").asText()).isNotEmpty();
    assertThat(line.has("arguments")).isFalse();
    assertThat(line.has("trace_id")).isFalse();
  }

  @Test
  void exception_isWithinTheLine_withItsCause() throws Exception {
    var failure = new IllegalStateException("outer\n", new IllegalArgumentException("inner"));

    JsonNode thrown = encoded(event("failed", failure)).get("throwable");

    assertThat(thrown.get("className").asText()).isEqualTo(IllegalStateException.class.getName());
    assertThat(thrown.get("message").asText()).isEqualTo("outer\n");
    assertThat(thrown.get("stepArray").isEmpty()).isFalse();
    assertThat(thrown.get("cause").get("message").asText()).isEqualTo("inner");
  }

  @Test
  void trace_isAFieldOfItsOwn() throws Exception {
    LoggingEvent event = event("request", null);
    event.setMDCPropertyMap(Map.of("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736"));

    assertThat(encoded(event).get("trace_id").asText())
        .isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
  }

  private LoggingEvent event(String text, @Nullable Throwable thrown, Object... arguments) {
    var event =
        new LoggingEvent(
            "fqcn", loggers.getLogger("some.Logger"), Level.WARN, text, thrown, arguments);
    event.setInstant(NOON);
    return event;
  }

  private JsonNode encoded(LoggingEvent event) throws Exception {
    String line = new String(lines.encode(event), UTF_8);

    assertThat(line).endsWith("\n");
    assertThat(line.strip()).doesNotContain("\n");
    return new ObjectMapper().readTree(line);
  }
}
