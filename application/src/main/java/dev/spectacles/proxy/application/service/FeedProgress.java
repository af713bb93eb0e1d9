package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Until when all that the gateway told is kept. Thread-safe. */
final class FeedProgress {
  /** As good as never. */
  private static final Duration UNKNOWN = Duration.ofDays(1);

  private final Clock clock;
  private final AtomicLong caughtUpMillis = new AtomicLong();

  FeedProgress(Clock clock) {
    this.clock = clock;
  }

  /** All until then is kept; milliseconds since 1970. Never goes back. */
  void reached(long millis) {
    caughtUpMillis.accumulateAndGet(millis, Math::max);
  }

  long millis() {
    return caughtUpMillis.get();
  }

  /** How long ago that is. */
  Duration lag() {
    long millis = millis();
    return millis == 0
        ? UNKNOWN
        : Duration.ofMillis(Math.max(0, clock.wallTime().toEpochMilli() - millis));
  }
}
