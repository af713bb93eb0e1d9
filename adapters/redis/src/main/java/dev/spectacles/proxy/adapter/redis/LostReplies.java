package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the log says of answers that nobody received: one line per while. */
final class LostReplies {
  private static final Logger LOG = LoggerFactory.getLogger(LostReplies.class);
  private static final long QUIET = Duration.ofSeconds(10).toNanos();

  private final Clock clock;
  private final AtomicLong untold = new AtomicLong();
  private final AtomicLong toldAt;

  LostReplies(Clock clock) {
    this.clock = clock;
    this.toldAt = new AtomicLong(clock.nanoTime() - QUIET);
  }

  /** The answer to this request found nobody. */
  void lost(String id) {
    untold.incrementAndGet();
    long last = toldAt.get();
    long now = clock.nanoTime();
    if (now - last >= QUIET && toldAt.compareAndSet(last, now)) {
      LOG.warn(
          "answers that nobody was there to receive: {}, the last to {}; their callers gave up"
              + " before: let timeout be no longer than they wait",
          untold.getAndSet(0),
          id);
    }
  }
}
