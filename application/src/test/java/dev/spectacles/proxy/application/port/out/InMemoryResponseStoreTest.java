package dev.spectacles.proxy.application.port.out;

import java.time.Duration;
import java.util.OptionalLong;

class InMemoryResponseStoreTest implements ResponseStoreContract {
  private final ManualClock clock = new ManualClock();
  private final InMemoryResponseStore store = new InMemoryResponseStore(clock);

  @Override
  public ResponseStore store() {
    return store;
  }

  @Override
  public ResponseStore another() {
    return store;
  }

  @Override
  public void pass(Duration time) {
    clock.advance(time);
  }

  @Override
  public int mostPerEntry() {
    return InMemoryResponseStore.MOST_PER_ENTRY;
  }

  @Override
  public OptionalLong mostInAll() {
    return OptionalLong.of(InMemoryResponseStore.MOST_IN_ALL);
  }
}
