package dev.spectacles.proxy.application.port.out;

import java.time.Duration;

class InMemoryEgressStoreTest implements EgressStoreContract {
  private final ManualClock clock = new ManualClock();
  private final InMemoryEgressStore store = new InMemoryEgressStore(clock);
  private final InMemoryEgressStore other = store.another();

  @Override
  public EgressStore store() {
    return store;
  }

  @Override
  public EgressStore other() {
    return other;
  }

  @Override
  public void pass(Duration duration) {
    clock.advance(duration);
  }

  @Override
  public long micros() {
    return clock.nanoTime() / 1_000;
  }
}
