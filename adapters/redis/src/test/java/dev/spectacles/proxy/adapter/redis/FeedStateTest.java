package dev.spectacles.proxy.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.redisson.api.stream.StreamMessageId;

final class FeedStateTest {
  private static final StreamMessageId FIVE = new StreamMessageId(5, 0);

  @Test
  void counted_lacksOnlyWhatWasRemovedUnread() {
    assertThat(state("9-0", "10-0", "2", "10", "8").mayLackAfter(FIVE)).isFalse();
    assertThat(state("9-0", "10-0", "2", "10", "7").mayLackAfter(FIVE)).isTrue();
    assertThat(state("9-0", "10-0", "2", "2", "").mayLackAfter(FIVE)).as("all left").isFalse();
  }

  @Test
  void notCounted_mayLackWhereTheOldestIsNewer() {
    assertThat(state("5-0", "10-0", "2", "", "").mayLackAfter(FIVE)).isFalse();
    assertThat(state("5-1", "10-0", "2", "", "").mayLackAfter(FIVE)).isTrue();
    assertThat(state("", "10-0", "0", "", "").mayLackAfter(FIVE)).isTrue();
    assertThat(state("", "5-0", "0", "", "").mayLackAfter(FIVE)).isFalse();
    assertThat(state("9-0", "10-0", "2", "10", "").mayLackAfter(FIVE)).isTrue();
  }

  @Test
  void nothingReadYet_lacksNothing() {
    assertThat(state("9-0", "10-0", "2", "10", "0").mayLackAfter(FeedLane.START)).isFalse();
  }

  @Test
  void another_isBehind() {
    assertThat(state("", "0-0", "0", "", "").isBehind(FIVE)).isTrue();
    assertThat(state("5-0", "5-0", "1", "", "").isBehind(FIVE)).isFalse();
  }

  private static FeedState state(
      String first, String last, String length, String added, String read) {
    return FeedState.of(List.of("0", "5-0", first, last, length, added, read));
  }
}
