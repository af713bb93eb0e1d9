package dev.spectacles.proxy.adapter.spi;

import dev.spectacles.proxy.application.port.out.Clock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pause between two tries to connect: twice as long each time, up to a bound, and half of it at
 * random, so that instances do not come back all at once. Not thread-safe.
 */
public final class RetryPause {
  private final Clock clock;
  private final Duration first;
  private final Duration longest;
  private Duration next;

  /** Pauses of at most these lengths, and at least half of them. */
  public RetryPause(Clock clock, Duration first, Duration longest) {
    this.clock = clock;
    this.first = first;
    this.longest = longest;
    this.next = first;
  }

  /** Waits for as long as it is the turn of. */
  public void sleep() throws InterruptedException {
    long millis = next.toMillis();
    Duration twice = next.multipliedBy(2);
    next = twice.compareTo(longest) < 0 ? twice : longest;
    clock.sleep(
        Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1)));
  }

  /** It worked: the next pause is a first one. */
  public void reset() {
    next = first;
  }
}
