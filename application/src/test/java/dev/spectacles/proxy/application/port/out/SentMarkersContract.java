package dev.spectacles.proxy.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every {@link SentMarkers} promises; one test class per implementation implements it. */
public interface SentMarkersContract {
  /** The notes under test. */
  SentMarkers markers();

  /** The same notes, as another instance sees them. */
  SentMarkers another();

  @Test
  default void request_thatNobodyMarked_isNotMarked() throws InterruptedException {
    assertThat(markers().isMarked(request())).isFalse();
  }

  @Test
  default void mark_isSeenByEveryInstanceAtOnce() throws InterruptedException {
    String request = request();
    markers().mark(request);
    assertThat(another().isMarked(request)).isTrue();
    assertThat(another().isMarked(request())).as("another request").isFalse();
  }

  @Test
  default void mark_twice_isMarked() throws InterruptedException {
    String request = request();
    markers().mark(request);
    another().mark(request);
    assertThat(markers().isMarked(request)).isTrue();
  }

  @Test
  default void forget_byAnyInstance_unmarksForAll() throws InterruptedException {
    String request = request();
    markers().mark(request);
    another().forget(request);
    long end = System.nanoTime() + BrokerContract.SOON.toNanos();
    while (markers().isMarked(request)) {
      assertThat(System.nanoTime()).as("forgotten in the background").isLessThan(end);
    }
  }

  private static String request() {
    return UUID.randomUUID().toString();
  }
}
