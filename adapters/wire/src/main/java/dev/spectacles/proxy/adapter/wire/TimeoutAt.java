package dev.spectacles.proxy.adapter.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Field {@code timeout_at} beside a request: when work on it should stop, in decimal nanoseconds
 * since the epoch.
 */
public final class TimeoutAt {
  /** Name of the field. */
  public static final String FIELD = "timeout_at";

  private static final Logger LOG = LoggerFactory.getLogger(TimeoutAt.class);
  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,40}");
  private static final BigInteger BILLION = BigInteger.valueOf(1_000_000_000);
  // Year 2262, where 64 bits of nanoseconds end: beyond it somebody means "never".
  private static final BigInteger NEVER = BigInteger.valueOf(Long.MAX_VALUE);

  private TimeoutAt() {}

  /** The moment, or nothing for what is unreadable or never comes. */
  public static Optional<Instant> parse(byte[] value) {
    String text = value.length > 64 ? "" : new String(value, ISO_8859_1).strip();
    if (!DECIMAL.matcher(text).matches()) {
      LOG.debug("timeout_at: {} bytes (expected: decimal nanoseconds); ignored", value.length);
      return Optional.empty();
    }
    var nanos = new BigInteger(text);
    if (nanos.compareTo(NEVER) >= 0) {
      return Optional.empty();
    }
    BigInteger[] parts = nanos.divideAndRemainder(BILLION);
    return Optional.of(Instant.ofEpochSecond(parts[0].longValue(), parts[1].longValue()));
  }
}
