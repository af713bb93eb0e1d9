package dev.spectacles.proxy.application.port.out;

import static dev.spectacles.proxy.application.port.out.SentMarkers.State.ANSWERED;
import static dev.spectacles.proxy.application.port.out.SentMarkers.State.NONE;
import static dev.spectacles.proxy.application.port.out.SentMarkers.State.SENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.SentMarkers.State;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every {@link SentMarkers} promises; one test class per implementation implements it. */
public interface SentMarkersContract {
  /** The notes under test. */
  SentMarkers markers();

  /** The same notes, as another instance sees them. */
  SentMarkers another();

  @Test
  default void state_thatNobodyNoted_isNone() throws InterruptedException {
    assertThat(markers().state(request())).isEqualTo(NONE);
  }

  @Test
  default void mark_isSeenByEveryInstanceAtOnce() throws InterruptedException {
    String request = request();
    assertThat(markers().mark(request, "a")).isTrue();
    assertThat(another().state(request)).isEqualTo(SENT);
    assertThat(another().state(request())).as("another request").isEqualTo(NONE);
  }

  @Test
  default void mark_ofAnother_isNotOurs() throws InterruptedException {
    String request = request();
    assertThat(markers().mark(request, "a")).isTrue();
    assertThat(another().mark(request, "b")).isFalse();
    assertThat(markers().state(request)).isEqualTo(SENT);
  }

  /** As when the response to the first one was lost. */
  @Test
  default void mark_repeatedByItsOwner_isStillOurs() throws InterruptedException {
    String request = request();
    assertThat(markers().mark(request, "a")).isTrue();
    assertThat(markers().mark(request, "a")).isTrue();
    assertThat(another().mark(request, "b")).isFalse();
  }

  @Test
  default void mark_byManyAtOnce_isOneOwners() throws InterruptedException {
    String request = request();
    var winners = new AtomicInteger();
    var done = new CountDownLatch(8);
    for (int i = 0; i < 8; i++) {
      String owner = "owner-" + i;
      SentMarkers markers = i % 2 == 0 ? markers() : another();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  winners.addAndGet(markers.mark(request, owner) ? 1 : 0);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                } finally {
                  done.countDown();
                }
              });
    }
    assertThat(done.await(BrokerContract.SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(winners).hasValue(1);
  }

  @Test
  default void answered_afterTheMark_isSeenByEveryInstance() throws InterruptedException {
    String request = request();
    markers().mark(request, "a");
    markers().answered(request);
    awaitState(another(), request, ANSWERED);
    assertThat(another().mark(request, "b")).as("to be sent again").isFalse();
  }

  @Test
  default void answered_withoutMark_isSeenByEveryInstance() throws InterruptedException {
    String request = request();
    markers().answered(request);
    awaitState(another(), request, ANSWERED);
  }

  @Test
  default void forget_byAnyInstance_forgetsForAll() throws InterruptedException {
    String request = request();
    markers().mark(request, "a");
    another().forget(request);
    awaitState(markers(), request, NONE);
    assertThat(another().mark(request, "b")).isTrue();
  }

  private static void awaitState(SentMarkers markers, String request, State expected)
      throws InterruptedException {
    long end = System.nanoTime() + BrokerContract.SOON.toNanos();
    while (markers.state(request) != expected) {
      assertThat(System.nanoTime()).as("noted in the background").isLessThan(end);
    }
  }

  private static String request() {
    return UUID.randomUUID().toString();
  }
}
