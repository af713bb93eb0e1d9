package dev.spectacles.proxy.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.cache.Generation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * What every {@link CacheTags} promises; one test class per implementation implements it. Its time
 * may be real.
 */
public interface CacheTagsContract {
  /** Precision of the times that are said. */
  Duration SLACK = Duration.ofMillis(80);

  /** Tags under test, the same during one test. */
  CacheTags tags();

  /** The same tags, as another instance sees them; {@link #tags} itself if none can. */
  CacheTags another();

  /** Lets this much of the tags' time pass. */
  void pass(Duration time) throws InterruptedException;

  /** Makes them forget this tag, as a lack of room would. */
  void forget(String tag) throws InterruptedException;

  @Test
  default void generation_staysAsItIs_forEveryInstance() throws InterruptedException {
    String tag = tag();
    Generation first = current(tags(), tag);
    assertThat(first.value()).isNotEmpty();
    assertThat(first.sinceBump()).as("nothing happened to it").isEmpty();
    assertThat(current(tags(), tag)).isEqualTo(first);
    assertThat(current(another(), tag)).isEqualTo(first);
  }

  @Test
  default void generations_comeInTheOrderOfTheTags() throws InterruptedException {
    List<String> some = List.of(tag(), tag(), tag());
    List<Generation> one = List.of(current(tags(), some.get(0)), current(tags(), some.get(1)));
    tags().bump(List.of(some.get(2)));
    Generation last = current(tags(), some.get(2));

    assertThat(values(tags().current(List.of(some.get(2), some.get(0), some.get(1), some.get(0)))))
        .containsExactly(last.value(), one.get(0).value(), one.get(1).value(), one.get(0).value());
  }

  @Test
  default void noTags_haveNoGenerations() throws InterruptedException {
    tags().bump(List.of());
    assertThat(tags().current(List.of())).isEmpty();
  }

  @Test
  default void bump_isSeenByEveryInstanceAtOnce() throws InterruptedException {
    String one = tag();
    String two = tag();
    String untouched = tag();
    List<String> all = List.of(one, two, untouched);
    List<String> before = values(tags().current(all));
    another().bump(List.of(one, two));

    List<String> after = values(tags().current(all));
    assertThat(after.get(0)).isNotEqualTo(before.get(0));
    assertThat(after.get(1)).isNotEqualTo(before.get(1));
    assertThat(after.get(2)).isEqualTo(before.get(2));
    assertThat(values(another().current(all))).isEqualTo(after);
  }

  @Test
  default void bump_ofTheSameTagTwiceInACall_isOne() throws InterruptedException {
    String tag = tag();
    tags().bump(List.of(tag, tag));
    assertThat(current(tags(), tag).sinceBump()).isPresent();
  }

  @Test
  default void generation_neverComesBack() throws InterruptedException {
    String tag = tag();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      assertThat(seen.add(current(tags(), tag).value())).as("a new one").isTrue();
      (i % 2 == 0 ? tags() : another()).bump(List.of(tag));
    }
  }

  @Test
  default void bump_isToldWithItsAge() throws InterruptedException {
    String neverRead = tag();
    tags().bump(List.of(neverRead));
    assertThat(since(another(), neverRead)).isLessThan(SLACK);
    pass(Duration.ofMillis(300));
    assertThat(since(tags(), neverRead)).isCloseTo(Duration.ofMillis(300), SLACK);
    another().bump(List.of(neverRead));
    assertThat(since(tags(), neverRead)).as("the last one counts").isLessThan(SLACK);
  }

  @Test
  default void forgottenTag_hasANewGeneration() throws InterruptedException {
    String tag = tag();
    Generation unbumped = current(tags(), tag);
    forget(tag);
    Generation after = current(tags(), tag);
    assertThat(after.value()).isNotEqualTo(unbumped.value());
    tags().bump(List.of(tag));
    Generation bumped = current(tags(), tag);
    forget(tag);
    assertThat(current(another(), tag).value())
        .isNotIn(unbumped.value(), after.value(), bumped.value());
  }

  @Test
  default void tag_isAnyText() throws InterruptedException {
    String random = tag();
    List<String> odd =
        List.of(
            "",
            random,
            random + " ",
            random + "{a}",
            random + "\n",
            random + "\u00e9\ud83d\ude00",
            random + ":" + "x".repeat(5_000));
    assertThat(values(tags().current(odd))).isEqualTo(values(another().current(odd)));
    tags().bump(List.of(random));
    assertThat(current(another(), random + " ").sinceBump()).as("another tag").isEmpty();
    assertThat(current(another(), random + "{a}").sinceBump()).as("another tag").isEmpty();
  }

  @Test
  default void newTag_readByManyAtOnce_hasOneGeneration() throws Exception {
    String tag = tag();
    var reads = new ArrayList<Future<Generation>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        CacheTags one = i % 2 == 0 ? tags() : another();
        Callable<Generation> reading = () -> current(one, tag);
        reads.add(threads.submit(reading));
      }
    }
    Set<String> values = new HashSet<>();
    for (Future<Generation> read : reads) {
      values.add(read.get().value());
    }
    assertThat(values).hasSize(1);
  }

  @Test
  default void bumpThatIsOver_isOverForWhoeverReadsThen() throws Exception {
    String tag = tag();
    var writers = new ArrayList<Future<Boolean>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 6; i++) {
        CacheTags writer = i % 2 == 0 ? tags() : another();
        CacheTags reader = i % 2 == 0 ? another() : tags();
        Callable<Boolean> writing = () -> alwaysSeen(writer, reader, tag);
        writers.add(threads.submit(writing));
      }
    }
    for (Future<Boolean> writer : writers) {
      assertThat(writer.get()).isTrue();
    }
  }

  @Test
  default void secret_isTheFirstOneProposed_forEveryInstance() throws InterruptedException {
    byte[] kept = tags().secret(proposal(1));
    assertThat(kept).hasSize(32);
    assertThat(another().secret(proposal(2))).isEqualTo(kept);
    assertThat(tags().secret(proposal(3))).isEqualTo(kept);
  }

  private static boolean alwaysSeen(CacheTags writer, CacheTags reader, String tag)
      throws InterruptedException {
    boolean seen = true;
    for (int i = 0; i < 20; i++) {
      String before = current(reader, tag).value();
      writer.bump(List.of(tag));
      seen &= !current(reader, tag).value().equals(before);
    }
    return seen;
  }

  private static Duration since(CacheTags tags, String tag) throws InterruptedException {
    return current(tags, tag).sinceBump().orElseThrow();
  }

  private static Generation current(CacheTags tags, String tag) throws InterruptedException {
    return tags.current(List.of(tag)).getFirst();
  }

  private static List<String> values(List<Generation> generations) {
    return generations.stream().map(Generation::value).toList();
  }

  private static String tag() {
    return "uri:/channels/" + UUID.randomUUID();
  }

  private static byte[] proposal(int content) {
    var bytes = new byte[32];
    Arrays.fill(bytes, (byte) content);
    return bytes;
  }
}
