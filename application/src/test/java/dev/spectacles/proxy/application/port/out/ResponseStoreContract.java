package dev.spectacles.proxy.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.ResponseStore.Usage;
import dev.spectacles.proxy.domain.cache.CacheKey;
import dev.spectacles.proxy.testing.NotPromised;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ResponseStore} promises; one test class per implementation implements it. A
 * subject may hold answers of other tests, but not so much of anything that it could only estimate
 * its usage; its time may be real.
 */
public interface ResponseStoreContract {
  /** Long enough for every test that does not wait for the end of it. */
  Duration LONG = Duration.ofMinutes(10);

  /** Store under test, the same during one test. */
  ResponseStore store();

  /** Store of another instance that shares the answers; {@link #store} itself if none can. */
  ResponseStore another();

  /** Lets this much of the store's time pass. */
  void pass(Duration time) throws InterruptedException;

  /** Most bytes that one answer may have, at least 1,000. */
  int mostPerEntry();

  /** Most bytes that all answers may take; empty where that is somebody else's to see to. */
  OptionalLong mostInAll();

  @Test
  default void answer_thatNobodyKept_isNotThere() throws InterruptedException {
    assertThat(store().get(key())).isEmpty();
  }

  @Test
  default void answer_isThereForEveryInstance_byteForByte() throws InterruptedException {
    var every = new byte[256];
    for (int i = 0; i < every.length; i++) {
      every[i] = (byte) i;
    }
    CacheKey key = key();
    store().put(key, every, LONG);
    assertThat(store().get(key)).hasValue(every);
    assertThat(another().get(key)).hasValue(every);
  }

  @Test
  default void answer_withoutABody_isOne() throws InterruptedException {
    CacheKey key = key();
    store().put(key, new byte[0], LONG);
    assertThat(store().get(key)).hasValue(new byte[0]);
  }

  @Test
  default void laterAnswer_isInPlaceOfTheEarlier() throws InterruptedException {
    CacheKey key = key();
    store().put(key, bytes(1, 100), LONG);
    another().put(key, bytes(2, 50), LONG);
    assertThat(store().get(key)).hasValue(bytes(2, 50));
  }

  @Test
  default void answers_ofOtherScopesAndOtherHashes_areOthers() throws InterruptedException {
    CacheKey key = key();
    var otherScope = new CacheKey("anon", key.hash());
    var otherHash = new CacheKey(key.scope(), key().hash());
    store().put(key, bytes(1, 10), LONG);
    assertThat(store().get(otherScope)).isEmpty();
    assertThat(store().get(otherHash)).isEmpty();

    store().put(otherScope, bytes(2, 10), LONG);
    store().put(otherHash, bytes(3, 10), LONG);
    assertThat(store().get(key)).hasValue(bytes(1, 10));
    assertThat(store().get(otherScope)).hasValue(bytes(2, 10));
    assertThat(store().get(otherHash)).hasValue(bytes(3, 10));
  }

  @Test
  default void answer_isGoneWhenItsTimeIsOver() throws InterruptedException {
    CacheKey key = key();
    CacheKey longer = key();
    store().put(key, bytes(1, 10), Duration.ofMillis(400));
    store().put(longer, bytes(2, 10), LONG);
    pass(Duration.ofMillis(100));
    assertThat(store().get(key)).as("within its time").isPresent();
    pass(Duration.ofMillis(400));
    assertThat(store().get(key)).isEmpty();
    assertThat(another().get(key)).isEmpty();
    assertThat(store().get(longer)).as("another's time").isPresent();
  }

  @Test
  default void laterAnswer_hasATimeOfItsOwn() throws InterruptedException {
    CacheKey longer = key();
    CacheKey shorter = key();
    store().put(longer, bytes(1, 10), Duration.ofMillis(200));
    store().put(longer, bytes(2, 10), LONG);
    store().put(shorter, bytes(1, 10), LONG);
    store().put(shorter, bytes(2, 10), Duration.ofMillis(200));
    pass(Duration.ofMillis(400));
    assertThat(store().get(longer)).hasValue(bytes(2, 10));
    assertThat(store().get(shorter)).isEmpty();
  }

  @Test
  default void shortestTime_isNotForEver() throws InterruptedException {
    CacheKey key = key();
    store().put(key, bytes(1, 10), Duration.ofNanos(1));
    pass(Duration.ofMillis(20));
    assertThat(store().get(key)).isEmpty();
  }

  @Test
  default void answerOfTheLargestSize_isKept() throws InterruptedException {
    CacheKey key = key();
    assertThat(store().put(key, bytes(1, mostPerEntry()), LONG)).isTrue();
    assertThat(store().get(key)).hasValue(bytes(1, mostPerEntry()));
  }

  @Test
  default void answerThatIsTooLarge_isNotKept_norWhatWasThereBefore() throws InterruptedException {
    CacheKey key = key();
    store().put(key, bytes(1, 10), LONG);
    assertThat(store().put(key, bytes(2, mostPerEntry() + 1), LONG)).isFalse();
    assertThat(store().get(key)).isEmpty();
    assertThat(another().get(key)).isEmpty();
  }

  @Test
  default void usage_countsWhatIsHeld() throws InterruptedException {
    List<CacheKey> keys = List.of(key(), key(), key());
    for (CacheKey key : keys) {
      assertThat(store().put(key, bytes(1, 200), LONG)).isTrue();
    }
    for (CacheKey key : keys) {
      assertThat(another().get(key)).as("what is to be counted").isPresent();
    }
    Usage usage = another().usage();
    assertThat(usage.entries()).isGreaterThanOrEqualTo(3);
    assertThat(usage.bytes()).isGreaterThanOrEqualTo(600);
  }

  @Test
  default void answersOfMoreThanThereIsRoomFor_stayWithinIt() throws InterruptedException {
    if (mostInAll().isEmpty()) {
      NotPromised.by(this, "what all answers take together is not for it to bound");
    }
    long room = mostInAll().getAsLong();
    int size = mostPerEntry() / 2;
    var keys = new ArrayList<CacheKey>();
    for (long put = 0; put < 3 * room; put += size) {
      CacheKey key = key();
      keys.add(key);
      store().put(key, bytes(keys.size(), size), LONG);
    }
    assertThat(store().usage().bytes()).isBetween(room / 2, room);
    int found = 0;
    for (int i = 0; i < keys.size(); i++) {
      Optional<byte[]> answer = store().get(keys.get(i));
      if (answer.isPresent()) {
        found++;
        assertThat(answer).as("its own, or none").hasValue(bytes(i + 1, size));
      }
    }
    assertThat((long) found * size).isBetween(room / 3, room);
  }

  @Test
  default void answersPutAtTheSameTime_areNeverMixed() throws Exception {
    List<CacheKey> keys = IntStream.range(0, 4).mapToObj(i -> key()).toList();
    var tasks = new ArrayList<Future<Integer>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        int seed = i;
        ResponseStore one = i % 2 == 0 ? store() : another();
        Callable<Integer> busy = () -> putAndGet(one, keys, seed);
        tasks.add(threads.submit(busy));
      }
    }
    int found = 0;
    for (Future<Integer> task : tasks) {
      found += task.get();
    }
    assertThat(found).isPositive();
  }

  @Test
  default void close_mayBeRepeated() {
    store().close();
    store().close();
  }

  /** Every answer tells in its first byte of what length and content it has to be. */
  private static int putAndGet(ResponseStore store, List<CacheKey> keys, int seed)
      throws InterruptedException {
    int found = 0;
    for (int i = 0; i < 100; i++) {
      int at = (seed + i) % keys.size();
      CacheKey key = keys.get(at);
      if (i % 5 < 2) {
        int content = at + keys.size() * (i % 20);
        store.put(key, bytes(content, 100 + content), LONG);
        continue;
      }
      Optional<byte[]> answer = store.get(key);
      if (answer.isPresent()) {
        found++;
        int content = answer.get()[0];
        assertThat(content % keys.size()).as("another key's").isEqualTo(at);
        assertThat(answer).hasValue(bytes(content, 100 + content));
      }
    }
    return found;
  }

  private static CacheKey key() {
    String random = UUID.randomUUID().toString().replace("-", "");
    return new CacheKey(random.substring(0, 8) + "0".repeat(24), random);
  }

  private static byte[] bytes(int content, int length) {
    var bytes = new byte[length];
    Arrays.fill(bytes, (byte) content);
    return bytes;
  }
}
