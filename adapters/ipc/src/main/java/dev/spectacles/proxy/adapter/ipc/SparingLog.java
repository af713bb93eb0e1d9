package dev.spectacles.proxy.adapter.ipc;

import dev.spectacles.proxy.application.port.out.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/** Warnings that others can cause at will: one line per while. Thread-safe. */
final class SparingLog {
  private static final long QUIET = Duration.ofSeconds(10).toNanos();

  private final Logger log;
  private final Clock clock;
  private final AtomicLong untold = new AtomicLong();
  private final AtomicLong toldAt;

  SparingLog(Logger log, Clock clock) {
    this.log = log;
    this.clock = clock;
    this.toldAt = new AtomicLong(clock.nanoTime() - QUIET);
  }

  /** Says it, and how many were left unsaid, unless something was said a moment ago. */
  void warn(String text) {
    long last = toldAt.get();
    long now = clock.nanoTime();
    if (now - last < QUIET || !toldAt.compareAndSet(last, now)) {
      untold.incrementAndGet();
      return;
    }
    long before = untold.getAndSet(0);
    if (before == 0) {
      log.warn("{}", text);
    } else {
      log.warn("{}; and {} warnings of the kind before", text, before);
    }
  }
}
