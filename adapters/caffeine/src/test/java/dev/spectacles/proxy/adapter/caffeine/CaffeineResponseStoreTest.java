package dev.spectacles.proxy.adapter.caffeine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.ResponseStore;
import dev.spectacles.proxy.application.port.out.ResponseStoreContract;
import dev.spectacles.proxy.domain.cache.CacheKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class CaffeineResponseStoreTest implements ResponseStoreContract {
  private static final long ROOM = 1 << 20;
  private static final int LARGEST = 64 << 10;

  private final ManualClock clock = new ManualClock();
  private final CaffeineResponseStore store = new CaffeineResponseStore(ROOM, LARGEST, clock);

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
    return LARGEST;
  }

  @Override
  public OptionalLong mostInAll() {
    return OptionalLong.of(ROOM);
  }

  @Test
  void oneScope_hasAQuarterAndLosesItsOldest() {
    for (int i = 0; i < 4; i++) {
      store.put(new CacheKey("quiet", "q" + i), new byte[1_000], LONG);
    }
    for (int i = 0; i < 1_000; i++) {
      store.put(new CacheKey("greedy", "g" + i), new byte[1_000], LONG);
    }

    long quarter = ROOM / 4;
    assertThat(store.usage().bytes()).isBetween(quarter, quarter + 4 * (1_000 + Held.OVERHEAD));
    for (int i = 0; i < 4; i++) {
      assertThat(store.get(new CacheKey("quiet", "q" + i))).as("the others' room").isPresent();
    }
    assertThat(store.get(new CacheKey("greedy", "g0"))).as("the oldest").isEmpty();
    assertThat(store.get(new CacheKey("greedy", "g999"))).as("the newest").isPresent();
  }

  @Test
  void answerLargerThanTheShareOfItsScope_isNotKept() {
    var small = new CaffeineResponseStore(100_000, LARGEST, clock);
    var key = new CacheKey("scope", "large");
    small.put(key, new byte[30_000], LONG);
    assertThat(small.get(key)).isEmpty();
    small.put(key, new byte[20_000], LONG);
    assertThat(small.get(key)).isPresent();
  }

  @Test
  void scopeWhoseAnswersAreGone_leavesNothingBehind() {
    for (int i = 0; i < 100; i++) {
      store.put(new CacheKey("scope" + i, "a"), new byte[10], Duration.ofSeconds(1));
      store.put(new CacheKey("scope" + i, "b"), new byte[10], LONG);
      store.remove(new CacheKey("scope" + i, "b"));
    }
    assertThat(store.scopes()).isEqualTo(100);
    pass(Duration.ofSeconds(2));
    assertThat(store.usage().entries()).isZero();
    assertThat(store.usage().bytes()).isZero();
    assertThat(store.scopes()).isZero();
  }

  @Test
  void scopesThatAreEvicted_leaveNothingBehind() {
    for (int i = 0; i < 5_000; i++) {
      store.put(new CacheKey("scope" + i, "a"), new byte[1_000], LONG);
    }
    assertThat((long) store.scopes()).isEqualTo(store.usage().entries()).isLessThan(800);
  }

  @Test
  void writesOfOneKeyAtATime_doNotWearOutItsScope() throws Exception {
    var tasks = new ArrayList<Future<Boolean>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int t = 0; t < 8; t++) {
        Callable<Boolean> writing = this::writeTheSame;
        tasks.add(threads.submit(writing));
      }
    }
    for (Future<Boolean> task : tasks) {
      assertThat(task.get()).isTrue();
    }
    List<CacheKey> keys = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      keys.add(new CacheKey("busy", "after" + i));
      store.put(keys.getLast(), new byte[1_000], LONG);
    }
    assertThat(keys).allMatch(key -> store.get(key).isPresent());
    keys.forEach(store::remove);
    for (int i = 0; i < 10; i++) {
      store.remove(new CacheKey("busy", "same" + i));
    }
    assertThat(store.usage().entries()).isZero();
  }

  private boolean writeTheSame() {
    for (int i = 0; i < 2_000; i++) {
      var key = new CacheKey("busy", "same" + i % 10);
      store.put(key, new byte[10 + i % 500], LONG);
      if (i % 7 == 0) {
        store.remove(key);
      }
    }
    return true;
  }
}
