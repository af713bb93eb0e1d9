package dev.spectacles.proxy.adapter.wire;

import dev.spectacles.proxy.adapter.wire.Source.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * A duration as Rust writes it: a map of {@code secs} and {@code nanos}, or an array of the two.
 *
 * <p>Nanoseconds beyond a second carry over, as in Rust.
 */
final class TimeoutReader {
  private static final String EXPECTED = " (expected: {secs, nanos} or [secs, nanos])";
  private static final long MOST_NANOS = 0xffff_ffffL;

  /** As many whole seconds as fit into a long of nanoseconds, less what nanos may carry over. */
  private static final long MOST_SECONDS =
      (Long.MAX_VALUE - MOST_NANOS) / Duration.ofSeconds(1).toNanos();

  private final Source source;

  TimeoutReader(Source source) {
    this.source = source;
  }

  Duration read() throws IOException, WireException {
    Kind kind = source.kind();
    return switch (kind) {
      case MAP -> readMap();
      case ARRAY -> readArray();
      default -> throw new WireException("is " + kind.shown() + EXPECTED);
    };
  }

  private Duration readMap() throws IOException, WireException {
    var seconds = OptionalLong.empty();
    var nanos = OptionalLong.empty();
    int size = source.open();
    for (int i = 0; source.more(i, size); i++) {
      String name = source.name();
      switch (name) {
        case "secs" -> seconds = once(seconds, readUpTo(MOST_SECONDS, name));
        case "nanos" -> nanos = once(nanos, readUpTo(MOST_NANOS, name));
        default -> source.skip();
      }
    }
    if (seconds.isEmpty() || nanos.isEmpty()) {
      throw new WireException("lacks secs or nanos" + EXPECTED);
    }
    return Duration.ofSeconds(seconds.getAsLong(), nanos.getAsLong());
  }

  private Duration readArray() throws IOException, WireException {
    int size = source.open();
    if (!source.more(0, size)) {
      throw new WireException("is empty" + EXPECTED);
    }
    long seconds = readUpTo(MOST_SECONDS, "secs");
    if (!source.more(1, size)) {
      throw new WireException("lacks nanos" + EXPECTED);
    }
    long nanos = readUpTo(MOST_NANOS, "nanos");
    if (source.more(2, size)) {
      throw new WireException("has an entry too many" + EXPECTED);
    }
    return Duration.ofSeconds(seconds, nanos);
  }

  private static OptionalLong once(OptionalLong before, long value) throws WireException {
    if (before.isPresent()) {
      throw new WireException("has two entries of the same name");
    }
    return OptionalLong.of(value);
  }

  private long readUpTo(long most, String name) throws IOException, WireException {
    Kind kind = source.kind();
    if (kind != Kind.INTEGER) {
      throw new WireException(name + " is " + kind.shown() + " (expected: an integer)");
    }
    OptionalLong value = source.integer();
    if (value.isEmpty() || value.getAsLong() < 0 || value.getAsLong() > most) {
      throw new WireException(name + " out of range (expected: 0 to " + most + ")");
    }
    return value.getAsLong();
  }
}
