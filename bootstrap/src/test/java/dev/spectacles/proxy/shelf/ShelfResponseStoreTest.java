package dev.spectacles.proxy.shelf;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.ResponseStore;
import dev.spectacles.proxy.application.port.out.ResponseStoreContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.io.TempDir;

/** The one test class that a plug-in needs: the contract suite, given something to work on. */
class ShelfResponseStoreTest implements ResponseStoreContract {
  private static final long ROOM = 200_000;
  private static final int LARGEST = 20_000;

  @TempDir private Path folder;
  private final ManualClock clock = new ManualClock();

  @Override
  public ResponseStore store() {
    return open(clock);
  }

  @Override
  public ResponseStore another() {
    return open(clock);
  }

  @Override
  public void pass(Duration time) {
    clock.advance(time);
  }

  @Override
  public int mostPerEntry() {
    return LARGEST;
  }

  @Override
  public OptionalLong mostInAll() {
    return OptionalLong.of(ROOM);
  }

  private ResponseStore open(Clock time) {
    return new ShelfResponseStore(folder.resolve("shelf"), ROOM, LARGEST, time);
  }
}
