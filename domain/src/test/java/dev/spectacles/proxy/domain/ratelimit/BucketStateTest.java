package dev.spectacles.proxy.domain.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spectacles.proxy.domain.ratelimit.BucketState.Learned;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * From answers to what may be sent; times in milliseconds here, Discord's clock is 1,000 s ahead.
 */
class BucketStateTest {
  private static final long AHEAD = 1_000_000;

  private BucketState state = BucketState.EMPTY;
  private BucketProfile profile = BucketProfile.UNKNOWN;

  @Test
  void unusedBucket_ofAnUnknownLimit_letsOneThrough() {
    assertThat(free(0, 0)).isEqualTo(1);
    assertThat(free(0, 1)).isZero();
    assertThat(state.nextAt(profile, 0, 0)).isZero();
    assertThat(state.nextAt(profile, 0, 1)).as("only an answer helps").isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void firstAnswer_opensAWindow() {
    answer(100, 5, 4, 5_000);
    assertThat(profile.limit()).isEqualTo(5);
    assertThat(profile.model()).isEqualTo(Model.UNKNOWN);
    assertThat(free(100, 0)).isEqualTo(4);
    assertThat(free(5_100, 0)).as("a rounded reset is not over at its millisecond").isEqualTo(4);
    assertThat(free(5_101, 0)).isEqualTo(5);
  }

  @Test
  void leases_countOverAReset() {
    answer(100, 5, 0, 5_000);
    assertThat(free(5_101, 2)).isEqualTo(3);
    assertThat(free(5_101, 5)).isZero();
    assertThat(free(5_101, 7)).as("never negative").isZero();
  }

  @Test
  void sameWindow_answersInAnyOrder_theMostUsedCounts() {
    answer(100, 5, 2, 5_000);
    answer(130, 5, 4, 4_970);
    assertThat(free(130, 0)).isEqualTo(2);
    answer(140, 5, 1, 4_960);
    assertThat(free(140, 0)).isEqualTo(1);
  }

  @ParameterizedTest(name = "{0} ms apart")
  @CsvSource({"-5, false", "0, false", "5, false", "6, true"})
  void resetThatMovesByRounding_isTheSameWindow(int moved, boolean newWindow) {
    answer(100, 5, 2, 5_000);
    answer(100, 5, 4, 5_000 + moved);
    assertThat(free(100, 0)).isEqualTo(newWindow ? 4 : 2);
  }

  @Test
  void sameWindow_takesTheEarlierReset() {
    // The first answer came 400 ms late, the second at once.
    learn(new Answer(500, 100, 5, 4, 5_000), false);
    assertThat(state.resetAt()).isEqualTo(micros(5_501));
    learn(new Answer(130, 130, 5, 3, 4_970), false);
    assertThat(state.resetAt()).isEqualTo(micros(5_101));
  }

  @Test
  void newWindow_replacesTheOldOne_whateverWasUsed() {
    answer(100, 5, 0, 5_000);
    answer(5_150, 5, 4, 5_000);
    assertThat(free(5_150, 0)).isEqualTo(4);
  }

  @Test
  void olderWindow_changesNothing() {
    answer(5_150, 5, 4, 5_000);
    BucketState before = state;
    // Counted in the first window, answered only now.
    learn(new Answer(5_160, 4_900, 5, 0, 200), false);
    assertThat(state.used()).isEqualTo(before.used());
    assertThat(state.resetAt()).isEqualTo(before.resetAt());
  }

  @Test
  void lostRequest_countsAsUsedInTheWindow() {
    answer(100, 5, 4, 5_000);
    state = state.lost(profile, micros(200), 2);
    assertThat(free(200, 0)).isEqualTo(2);
    assertThat(state.resetAt()).as("the window stays").isEqualTo(micros(5_101));
  }

  @Test
  void lostRequest_withoutAWindow_opensOneAsLongAsTheLast() {
    answer(100, 5, 4, 3_000);
    state = state.lost(profile, micros(9_000), 1);
    assertThat(free(9_000, 0)).isEqualTo(4);
    assertThat(state.nextAt(profile, micros(9_000), 4)).isEqualTo(micros(12_000));
  }

  @Test
  void lostRequest_ofAnUnknownBucket_closesItForASecond() {
    state = state.lost(profile, micros(500), 1);
    assertThat(free(500, 0)).isZero();
    assertThat(state.nextAt(profile, micros(500), 0)).isEqualTo(micros(1_500));
    assertThat(free(1_500, 0)).isEqualTo(1);
  }

  @Test
  void lostRequest_ofASlidingBucket_comesBackAfterAToken() {
    slide();
    double before = state.level(profile, micros(2_000));
    state = state.lost(profile, micros(2_000), 1);
    assertThat(state.level(profile, micros(2_000))).isCloseTo(before + 1, within(1e-6));
    assertThat(state.resetAt())
        .isCloseTo(micros(2_000) + (long) ((before + 1) * profile.token()), within(2L));
  }

  @Test
  void limitThatShrinks_countsAtOnce() {
    answer(100, 10, 4, 5_000);
    answer(200, 5, 0, 4_900);
    assertThat(profile.limit()).isEqualTo(5);
    assertThat(free(200, 0)).as("6 were used already").isZero();
    assertThat(free(5_101, 0)).isEqualTo(5);
  }

  @Test
  void limitThatGrows_isUsedAtOnce() {
    answer(100, 5, 0, 5_000);
    assertThat(free(150, 0)).isZero();
    answer(200, 10, 4, 4_900);
    assertThat(free(200, 0)).isEqualTo(4);
  }

  @Test
  void refusal_blocksUntilItsTime_andTeachesNoModel() {
    answer(100, 5, 4, 5_000);
    learn(new Answer(200, 200, 5, 0, 5_000), true);
    assertThat(profile.model()).as("a reset that moved").isEqualTo(Model.UNKNOWN);
    assertThat(free(200, 0)).isZero();
    state = state.blocked(micros(9_000));
    assertThat(free(8_999, 0)).isZero();
    assertThat(state.nextAt(profile, micros(300), 0)).isEqualTo(micros(9_000));
    assertThat(free(9_000, 0)).isEqualTo(5);
    assertThat(state.blocked(micros(8_000)).blockedUntil()).isEqualTo(micros(9_000));
  }

  @Test
  void twoAnswersWithOneReset_showAFixedWindow() {
    answer(100, 5, 4, 5_000);
    answer(110, 5, 3, 4_990);
    assertThat(profile.model()).as("too close to tell").isEqualTo(Model.UNKNOWN);
    answer(130, 5, 2, 4_970);
    assertThat(profile.model()).isEqualTo(Model.FIXED);
  }

  @Test
  void twoAnswersWithAResetThatMoved_showASlidingBucket() {
    answer(100, 5, 4, 1_000);
    answer(300, 5, 3, 1_800);
    assertThat(profile.model()).isEqualTo(Model.SLIDING);
    assertThat(profile.token()).isBetween(999_000.0, 1_000_000.0);
  }

  @Test
  void answersOfDifferentWindows_tellNoModel() {
    answer(100, 5, 4, 1_000);
    answer(1_300, 5, 4, 1_000);
    assertThat(profile.model()).isEqualTo(Model.UNKNOWN);
  }

  @Test
  void resetThatMovedALittle_tellsNoModel() {
    answer(100, 5, 4, 1_000);
    answer(140, 5, 3, 970);
    assertThat(profile.model()).isEqualTo(Model.UNKNOWN);
  }

  @Test
  void slidingBucket_getsOneBackAfterAToken() {
    slide();
    // 3 used at 500 ms: full again at 3,100 ms, 2.6 tokens of a second.
    assertThat(free(500, 0)).isEqualTo(2);
    assertThat(free(1_090, 0)).isEqualTo(2);
    assertThat(free(1_110, 0)).isEqualTo(3);
    assertThat(free(3_200, 0)).isEqualTo(5);
    long next = state.nextAt(profile, micros(500), 2);
    assertThat(next).isBetween(micros(1_095), micros(1_110));
    assertThat(state.available(profile, next, 2)).isEqualTo(1);
  }

  @Test
  void slidingBucket_takesTheLatestResetOnly() {
    slide();
    BucketState before = state;
    learn(new Answer(520, 450, 5, 3, 1_700), false);
    assertThat(state.used()).isEqualTo(before.used());
    assertThat(state.resetAt()).isEqualTo(before.resetAt());
  }

  @Test
  void slidingBucket_thatTurnsIntoAFixedOne_isSeen() {
    slide();
    answer(4_000, 5, 4, 5_000);
    answer(4_100, 5, 3, 4_900);
    assertThat(profile.model()).isEqualTo(Model.FIXED);
    assertThat(free(4_100, 0)).isEqualTo(3);
    assertThat(free(8_900, 0)).isEqualTo(3);
    assertThat(free(9_001, 0)).isEqualTo(5);
  }

  @Test
  void fixedWindow_thatTurnsIntoASlidingBucket_isSeen() {
    answer(100, 5, 4, 5_000);
    answer(130, 5, 3, 4_970);
    assertThat(profile.model()).isEqualTo(Model.FIXED);
    answer(5_200, 5, 4, 1_000);
    answer(5_300, 5, 3, 1_900);
    assertThat(profile.model()).isEqualTo(Model.SLIDING);
  }

  @Test
  void slidingBucket_whoseWindowShrinks_isNotTrusted() {
    slide();
    // Now 5 per second: all 5 used, full again after a second, which would be one old token.
    answer(6_000, 5, 0, 1_000);
    assertThat(profile.model()).isEqualTo(Model.UNKNOWN);
    assertThat(free(6_000, 0)).isZero();
    assertThat(free(7_001, 0)).isEqualTo(5);
  }

  @Test
  void profile_keepsWhatTheLastAnswersShowed_andForgetsTheRest() {
    answer(0, 5, 4, 9_000);
    for (int i = 1; i < 32; i++) {
      answer(i * 10_000L, 5, 4, 1_000);
    }
    assertThat(profile.window()).isEqualTo(9_000_000);
    for (int i = 32; i < 64; i++) {
      answer(i * 10_000L, 5, 4, 1_000);
    }
    assertThat(profile.window()).as("still among the last 64").isEqualTo(9_000_000);
    answer(640_000, 5, 4, 1_000);
    assertThat(profile.window()).isEqualTo(1_000_000);
  }

  @Test
  void profile_ofAnotherLimit_startsAnew() {
    answer(0, 5, 4, 9_000);
    answer(10_000, 6, 5, 1_000);
    assertThat(profile.window()).isEqualTo(1_000_000);
    assertThat(profile.answers()).isEqualTo(1);
  }

  @Test
  void nextAt_ofARoomyBucket_isNow() {
    answer(100, 5, 4, 5_000);
    assertThat(state.nextAt(profile, micros(100), 0)).isEqualTo(micros(100));
    assertThat(state.nextAt(profile, micros(100), 4)).isEqualTo(micros(5_101));
    assertThat(state.nextAt(profile, micros(100), 5)).isEqualTo(Long.MAX_VALUE);
  }

  /** One request each at 100, 300 and 500 ms to a sliding bucket of 5 per 5 s. */
  private void slide() {
    answer(100, 5, 4, 1_000);
    answer(300, 5, 3, 1_800);
    answer(500, 5, 2, 2_600);
    assertThat(profile.model()).isEqualTo(Model.SLIDING);
  }

  private record Answer(long at, long countedAt, int limit, int remaining, long resetAfter) {}

  private void answer(long at, int limit, int remaining, long resetAfter) {
    learn(new Answer(at, at, limit, remaining, resetAfter), false);
  }

  private void learn(Answer answer, boolean refused) {
    var headers =
        new RateLimitHeaders(
            new BucketHash("a"),
            answer.limit(),
            answer.remaining(),
            AHEAD + answer.countedAt() + answer.resetAfter(),
            answer.resetAfter());
    Learned learned = state.answered(profile, headers, micros(answer.at()), refused);
    state = learned.state();
    profile = learned.profile();
  }

  private int free(long at, int inFlight) {
    return state.available(profile, micros(at), inFlight);
  }

  private static long micros(long millis) {
    return millis * 1_000;
  }
}
