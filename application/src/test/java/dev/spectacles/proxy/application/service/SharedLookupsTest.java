package dev.spectacles.proxy.application.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.application.port.out.RealClock;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.application.service.ResponseCache.Lookup;
import dev.spectacles.proxy.domain.cache.CacheKey;
import dev.spectacles.proxy.domain.cache.Generation;
import dev.spectacles.proxy.domain.request.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedLookupsTest {
  private static final CacheKey KEY = new CacheKey("anon", "one");

  private final RealClock clock = new RealClock();
  private final SharedLookups lookups = new SharedLookups(Running.PATIENCE, clock);
  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch gate = new CountDownLatch(1);

  @Test
  void whoComesWhileOneIsMade_sharesTheNext() throws Exception {
    Running<Optional<Lookup>> first =
        Running.start(() -> lookups.share(KEY, Deadline.none(), this::gated));
    begun.await();
    var later = new ArrayList<Running<Optional<Lookup>>>();
    for (int i = 0; i < 100; i++) {
      later.add(Running.start(() -> lookups.share(KEY, Deadline.none(), this::gated)));
    }
    later.forEach(Running::awaitBlocked);
    assertThat(calls).hasValue(1);

    gate.countDown();

    assertThat(first.get()).isEqualTo(found(1));
    for (Running<Optional<Lookup>> each : later) {
      assertThat(each.get()).isEqualTo(found(2));
    }
    assertThat(calls).hasValue(2);
    assertThat(lookups.share(KEY, Deadline.none(), this::gated)).isEqualTo(found(3));
  }

  @Test
  void another_isNotWaitedFor() throws Exception {
    Running<Optional<Lookup>> first =
        Running.start(() -> lookups.share(KEY, Deadline.none(), this::gated));
    begun.await();

    assertThat(lookups.share(new CacheKey("anon", "two"), Deadline.none(), () -> found(7)))
        .isEqualTo(found(7));

    gate.countDown();
    first.get();
  }

  @Test
  void failed_isNotSharedByWhoComesLater() throws Exception {
    assertThatThrownBy(
            () ->
                lookups.share(
                    KEY,
                    Deadline.none(),
                    () -> {
                      throw new StoreException("away");
                    }))
        .isInstanceOf(StoreException.class);

    assertThat(lookups.share(KEY, Deadline.none(), () -> found(1))).isEqualTo(found(1));
  }

  @Test
  void whoHasLittleTime_waitsNoLonger() throws Exception {
    Running<Optional<Lookup>> first =
        Running.start(() -> lookups.share(KEY, Deadline.none(), this::gated));
    begun.await();
    Running<Optional<Lookup>> next =
        Running.start(() -> lookups.share(KEY, Deadline.none(), this::gated)).awaitBlocked();

    assertThat(lookups.share(KEY, soon(), this::gated)).isEmpty();

    assertThat(next.isDone()).isFalse();
    gate.countDown();
    assertThat(first.get()).isEqualTo(found(1));
    assertThat(next.get()).isEqualTo(found(2));
  }

  @Test
  void oneThatItsMakerHadNoTimeFor_isMadeByAnother() throws Exception {
    Running<Optional<Lookup>> first =
        Running.start(() -> lookups.share(KEY, Deadline.none(), this::gated));
    begun.await();
    Deadline soon = soon();
    Running<Optional<Lookup>> hurried =
        Running.start(() -> lookups.share(KEY, soon, Optional::empty)).awaitBlocked();
    Running<Optional<Lookup>> patient =
        Running.start(() -> lookups.share(KEY, Deadline.none(), this::gated));

    assertThat(hurried.get()).isEmpty();
    gate.countDown();

    assertThat(patient.get()).isEqualTo(found(2));
    assertThat(first.get()).isEqualTo(found(1));
  }

  private Deadline soon() {
    return Deadline.after(Duration.ofMillis(100), clock.nanoTime());
  }

  private Optional<Lookup> gated() throws InterruptedException {
    int number = calls.incrementAndGet();
    begun.countDown();
    gate.await();
    return found(number);
  }

  private static Optional<Lookup> found(int number) {
    var generation = new Generation(Integer.toString(number), Optional.empty());
    return Optional.of(new Lookup(List.of(generation), Optional.empty()));
  }
}
