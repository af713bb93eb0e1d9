package dev.spectacles.proxy.application.port.out;

import dev.spectacles.proxy.application.service.EventCorpusContract;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

class InMemoryEntityStoreTest implements EntityStoreContract, EventCorpusContract {
  private final ManualClock clock = new ManualClock();
  private final InMemoryEntityStore store = new InMemoryEntityStore(clock);

  @Override
  public EntityStore store() {
    return store;
  }

  @Override
  public EntityStore another() {
    return store;
  }

  @Override
  public Optional<EntityStore> withRoomFor(long bytes) {
    return Optional.of(new InMemoryEntityStore(clock, bytes));
  }

  @Override
  public void pass(Duration time) {
    clock.advance(time);
  }

  @Override
  public Instant now() {
    return clock.wallTime();
  }
}
