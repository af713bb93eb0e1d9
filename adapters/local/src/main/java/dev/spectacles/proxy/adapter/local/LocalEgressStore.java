package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.EgressStore;
import dev.spectacles.proxy.domain.ratelimit.Egress;
import dev.spectacles.proxy.domain.ratelimit.EgressBan;
import dev.spectacles.proxy.domain.ratelimit.EgressReport;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** Egress address of a single instance, in memory. The listener is called without the lock. */
final class LocalEgressStore implements EgressStore {
  private final Clock clock;
  private final AtomicLong probes = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Egress egress = Egress.CALM;
  private volatile Listener listener = () -> {};

  /** Address of which nothing is known. */
  public LocalEgressStore(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Egress egress() {
    return egress;
  }

  @Override
  public Optional<Long> probe() {
    lock.lock();
    try {
      long id = probes.incrementAndGet();
      Optional<EgressBan> probed = egress.ban().probed(id, micros());
      probed.ifPresent(ban -> egress = egress.withBan(ban));
      return probed.map(ban -> id);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void report(EgressReport report) {
    Egress before;
    lock.lock();
    try {
      before = egress;
      egress = before.after(report, micros());
    } finally {
      lock.unlock();
    }
    if (!egress.equals(before)) {
      listener.changed();
    }
  }

  @Override
  public void listen(Listener newListener) {
    listener = newListener;
  }

  @Override
  public void close() {}

  private long micros() {
    return clock.nanoTime() / 1_000;
  }
}
