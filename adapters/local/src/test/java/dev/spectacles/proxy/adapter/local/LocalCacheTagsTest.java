package dev.spectacles.proxy.adapter.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.CacheTags;
import dev.spectacles.proxy.application.port.out.CacheTagsContract;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.domain.cache.Generation;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LocalCacheTagsTest implements CacheTagsContract {
  private static final int MOST = 100;

  private final ManualClock clock = new ManualClock();
  private final LocalCacheTags tags = new LocalCacheTags(clock, MOST);

  @Override
  public CacheTags tags() {
    return tags;
  }

  @Override
  public CacheTags another() {
    return tags;
  }

  @Override
  public void pass(Duration time) {
    clock.advance(time);
  }

  @Override
  public void forget(String tag) {
    tags.current(IntStream.range(0, MOST).mapToObj(i -> tag + i).toList());
  }

  @Test
  void tagThatIsAskedFor_isNotForgotten() {
    Generation asked = tags.current(List.of("asked")).getFirst();
    for (int i = 0; i < 10 * MOST; i++) {
      tags.bump(List.of("bumped" + i));
      assertThat(tags.current(List.of("asked"))).containsExactly(asked);
    }
  }

  @Test
  void anotherRun_hasOtherGenerations() {
    var later = new LocalCacheTags(clock, MOST);
    assertThat(later.current(List.of("a")).getFirst().value())
        .isNotEqualTo(tags.current(List.of("a")).getFirst().value());
  }
}
