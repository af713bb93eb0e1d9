package dev.spectacles.proxy.shelf;

import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.EntityStoreContract;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.service.EventCorpusContract;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What a plug-in that keeps entities needs, too: its contract suites, given a store. */
class ShelfEntityStoreTest implements EntityStoreContract, EventCorpusContract {
  @TempDir private Path folder;
  private final ManualClock clock = new ManualClock();
  private EntityStore store;

  @BeforeEach
  void open() {
    store = new ShelfEntityStore(folder, Long.MAX_VALUE, clock);
  }

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
    return Optional.of(new ShelfEntityStore(folder, bytes, clock));
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
