package dev.spectacles.proxy.application.service;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.domain.ratelimit.UsualDelay;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** How long a claim usually takes, by all pumps. Thread-safe. */
final class StoreDelay {
  private final AtomicReference<UsualDelay> delay = new AtomicReference<>(UsualDelay.UNKNOWN);

  /** A claim took from one reading of the monotonic clock to the other. */
  void observe(long from, long to) {
    delay.updateAndGet(before -> before.observe(to - from, to));
  }

  Duration usual() {
    return requireNonNull(delay.get()).get();
  }
}
