package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.Clock;
import java.time.Duration;

/**
 * The server's clock, read from time to time and carried on by the monotonic clock in between, so
 * that a jump of this machine's wall clock ages nothing.
 */
final class ServerTime {
  private record Sample(long serverMicros, long nanos) {}

  private final Clock clock;
  private volatile Sample last;

  ServerTime(Clock clock, long serverMicros, long nanosBefore) {
    this.clock = clock;
    this.last = sample(clock, serverMicros, nanosBefore);
  }

  /** Takes a reading that was asked for at this moment of the monotonic clock. */
  void read(long serverMicros, long nanosBefore) {
    last = sample(clock, serverMicros, nanosBefore);
  }

  /** How long ago it was then, by the server's clock; never negative. */
  Duration since(long serverMillis) {
    Sample sample = last;
    long micros = sample.serverMicros + (clock.nanoTime() - sample.nanos) / 1000;
    return Duration.ofMillis(Math.max(0, micros / 1000 - serverMillis));
  }

  /** What it said at this moment of the monotonic clock, in milliseconds since 1970. */
  long millisAt(long nanos) {
    Sample sample = last;
    return (sample.serverMicros + (nanos - sample.nanos) / 1000) / 1000;
  }

  private static Sample sample(Clock clock, long serverMicros, long nanosBefore) {
    long now = clock.nanoTime();
    return new Sample(serverMicros, nanosBefore + (now - nanosBefore) / 2);
  }
}
