package dev.spectacles.proxy.adapter.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.spectacles.proxy.adapter.wire.TimeoutAt;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When work on a request should stop, as its publisher put it beside the payload. */
final class Expiration {
  private static final Logger LOG = LoggerFactory.getLogger(Expiration.class);
  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,15}");
  // Whoever says so means "never".
  private static final long LONGEST = Duration.ofDays(36_500).toMillis();

  private Expiration() {}

  /**
   * The earlier of property {@code expiration}, in milliseconds from when the request was received,
   * and header {@code timeout_at}. The broker does not tell how long the request was in the queue.
   */
  static Optional<Instant> of(BasicProperties properties, Instant received) {
    return Stream.of(
            relative(properties.getExpiration(), received), absolute(properties.getHeaders()))
        .flatMap(Optional::stream)
        .min(Instant::compareTo);
  }

  private static Optional<Instant> relative(String expiration, Instant received) {
    if (expiration == null || expiration.isBlank()) {
      return Optional.empty();
    }
    String text = expiration.strip();
    if (!DECIMAL.matcher(text).matches()) {
      LOG.debug("expiration: {} characters (expected: milliseconds); ignored", text.length());
      return Optional.empty();
    }
    long millis = Long.parseLong(text);
    return millis > LONGEST ? Optional.empty() : Optional.of(received.plusMillis(millis));
  }

  private static Optional<Instant> absolute(Map<String, Object> headers) {
    Object value = headers == null ? null : headers.get(TimeoutAt.FIELD);
    return value == null
        ? Optional.empty()
        : TimeoutAt.parse(String.valueOf(value).getBytes(UTF_8));
  }
}
