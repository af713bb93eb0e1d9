package dev.spectacles.proxy.application.port.out;

import dev.spectacles.proxy.domain.ratelimit.Egress;
import dev.spectacles.proxy.domain.ratelimit.EgressBan;
import dev.spectacles.proxy.domain.ratelimit.EgressReport;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** One address for any number of instances in this process, for tests. */
public final class InMemoryEgressStore implements EgressStore {
  /** What all instances share. */
  private static final class Shared {
    private final AtomicReference<Egress> egress = new AtomicReference<>(Egress.CALM);
    private final AtomicLong probes = new AtomicLong();
    private final List<InMemoryEgressStore> instances = new CopyOnWriteArrayList<>();
  }

  private final Clock clock;
  private final Shared shared;
  private volatile Listener listener = () -> {};

  /** Address of which nothing is known. */
  public InMemoryEgressStore(Clock clock) {
    this(clock, new Shared());
  }

  private InMemoryEgressStore(Clock clock, Shared shared) {
    this.clock = clock;
    this.shared = shared;
    shared.instances.add(this);
  }

  /** Another instance behind the same address. */
  public InMemoryEgressStore another() {
    return new InMemoryEgressStore(clock, shared);
  }

  @Override
  public Egress egress() {
    Egress now = shared.egress.get();
    return new Egress(now.ban(), now.invalid(), 0, Math.max(1, shared.instances.size()));
  }

  @Override
  public Optional<Long> probe() {
    long id = shared.probes.incrementAndGet();
    Egress before = shared.egress.get();
    Optional<EgressBan> probed = before.ban().probed(id, micros());
    return probed.isPresent()
            && shared.egress.compareAndSet(before, before.withBan(probed.orElseThrow()))
        ? Optional.of(id)
        : Optional.empty();
  }

  @Override
  public void report(EgressReport report) {
    shared.egress.updateAndGet(before -> before.after(report, micros()));
    shared.instances.forEach(instance -> instance.listener.changed());
  }

  @Override
  public void listen(Listener newListener) {
    listener = newListener;
  }

  @Override
  public void close() {
    shared.instances.remove(this);
  }

  private long micros() {
    return clock.nanoTime() / 1_000;
  }
}
