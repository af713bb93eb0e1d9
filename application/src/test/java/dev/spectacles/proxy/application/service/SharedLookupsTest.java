package dev.spectacles.proxy.application.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.application.service.ResponseCache.Lookup;
import dev.spectacles.proxy.domain.cache.CacheKey;
import dev.spectacles.proxy.domain.cache.Generation;
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

  private final SharedLookups lookups = new SharedLookups();
  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch gate = new CountDownLatch(1);

  @Test
  void whoComesWhileOneIsMade_sharesTheNext() throws Exception {
    Running<Optional<Lookup>> first = Running.start(() -> lookups.share(KEY, this::gated));
    begun.await();
    var later = new ArrayList<Running<Optional<Lookup>>>();
    for (int i = 0; i < 100; i++) {
      later.add(Running.start(() -> lookups.share(KEY, this::gated)));
    }
    later.forEach(Running::awaitBlocked);
    assertThat(calls).hasValue(1);

    gate.countDown();

    assertThat(first.get()).isEqualTo(found(1));
    for (Running<Optional<Lookup>> each : later) {
      assertThat(each.get()).isEqualTo(found(2));
    }
    assertThat(calls).hasValue(2);
    assertThat(lookups.share(KEY, this::gated)).isEqualTo(found(3));
  }

  @Test
  void another_isNotWaitedFor() throws Exception {
    Running<Optional<Lookup>> first = Running.start(() -> lookups.share(KEY, this::gated));
    begun.await();

    assertThat(lookups.share(new CacheKey("anon", "two"), () -> found(7))).isEqualTo(found(7));

    gate.countDown();
    first.get();
  }

  @Test
  void failed_isNotSharedByWhoComesLater() throws Exception {
    assertThatThrownBy(
            () ->
                lookups.share(
                    KEY,
                    () -> {
                      throw new StoreException("away");
                    }))
        .isInstanceOf(StoreException.class);

    assertThat(lookups.share(KEY, () -> found(1))).isEqualTo(found(1));
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
