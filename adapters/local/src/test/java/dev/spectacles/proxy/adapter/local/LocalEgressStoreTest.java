package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.application.port.out.EgressStore;
import dev.spectacles.proxy.application.port.out.EgressStoreContract;
import dev.spectacles.proxy.application.port.out.ManualClock;
import java.time.Duration;

class LocalEgressStoreTest implements EgressStoreContract {
  private final ManualClock clock = new ManualClock();
  private final LocalEgressStore store = new LocalEgressStore(clock);

  @Override
  public EgressStore store() {
    return store;
  }

  @Override
  public EgressStore other() {
    return store;
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
