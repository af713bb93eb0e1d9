package dev.spectacles.proxy.domain.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spectacles.proxy.domain.ratelimit.InvalidLimit.Level;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests.Scope;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times in seconds. */
class InvalidRequestsTest {
  private final InvalidLimit discords = new InvalidLimit(InvalidLimit.DISCORDS);

  @Test
  void window_forgetsNothingThatIsYoungerThanTenMinutes() {
    InvalidRequests one = InvalidRequests.NONE.plus(0, 1, micros(59));
    assertThat(one.total(micros(59 + 600))).isEqualTo(1);
    assertThat(one.total(micros(60 + 600))).isZero();
  }

  @Test
  void window_isBoundedByItsMinutes() {
    InvalidRequests all = InvalidRequests.NONE;
    for (int minute = 0; minute < 1_000; minute++) {
      all = all.plus(minute, 3, micros(minute * 60L));
    }
    assertThat(all.perMinute()).hasSize(11);
    assertThat(all.total(micros(999 * 60))).isEqualTo(33);
  }

  @Test
  void untilBelow_isWhenEnoughMinutesAreOver() {
    InvalidRequests all = InvalidRequests.NONE.plus(0, 600, micros(90)).plus(1, 400, micros(90));
    assertThat(all.untilBelow(1_001, micros(90))).isZero();
    assertThat(all.untilBelow(1_000, micros(90))).isEqualTo(Duration.ofSeconds(660 - 90));
    assertThat(all.untilBelow(400, micros(90))).isEqualTo(Duration.ofSeconds(720 - 90));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 429})
  void refusals_areInvalid(int code) {
    assertThat(
            InvalidRequests.isInvalid(
                new Outcome.Answered(code, Optional.empty(), Optional.empty())))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204, 400, 404, 500, 503})
  void otherAnswers_areNot(int code) {
    assertThat(
            InvalidRequests.isInvalid(
                new Outcome.Answered(code, Optional.empty(), Optional.empty())))
        .isFalse();
  }

  @ParameterizedTest
  @EnumSource(Scope.class)
  void limit_isInvalidUnlessItIsShared(Scope scope) {
    var limited = Optional.of(new TooManyRequests(scope, Duration.ofSeconds(1)));
    assertThat(InvalidRequests.isInvalid(new Outcome.Answered(429, Optional.empty(), limited)))
        .isEqualTo(scope != Scope.SHARED);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, CALM, CALM",
    "4999, 0, CALM, CALM",
    "5000, 0, CALM, WARN",
    "7999, 0, WARN, WARN",
    "8000, 0, WARN, HOLD_BACK",
    "9499, 0, HOLD_BACK, HOLD_BACK",
    "9500, 0, HOLD_BACK, REFUSE",
    "9400, 100, HOLD_BACK, REFUSE",
    "9400, 99, HOLD_BACK, HOLD_BACK",
    "9000, 0, REFUSE, REFUSE",
    "8999, 0, REFUSE, HOLD_BACK",
    "8999, 501, REFUSE, REFUSE",
    "100, 0, REFUSE, CALM",
    "100, 9900, CALM, CALM",
    "7999, 2000, WARN, WARN",
  })
  void level_followsTheThresholds(long invalid, long inFlight, Level before, Level after) {
    assertThat(discords.next(before, invalid, inFlight)).isEqualTo(after);
  }

  @Test
  void thresholds_scaleWithTheLimit() {
    var small = new InvalidLimit(200);
    assertThat(small.next(Level.CALM, 100, 0)).isEqualTo(Level.WARN);
    assertThat(small.next(Level.CALM, 160, 0)).isEqualTo(Level.HOLD_BACK);
    assertThat(small.next(Level.CALM, 190, 0)).isEqualTo(Level.REFUSE);
    assertThat(small.calm()).isEqualTo(180);
  }

  @Test
  void noLimit_neverStandsInTheWay() {
    var none = new InvalidLimit(0);
    assertThat(none.next(Level.CALM, 1_000_000, 1_000_000)).isEqualTo(Level.CALM);
    assertThat(none.room(1_000_000, 1_000_000, 4)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void room_isSharedByTheInstances() {
    assertThat(discords.room(9_000, 0, 1)).isEqualTo(500);
    assertThat(discords.room(9_000, 0, 4)).isEqualTo(125);
    assertThat(discords.room(9_000, 100, 4)).isEqualTo(25);
    assertThat(discords.room(9_000, 125, 4)).isZero();
    assertThat(discords.room(9_600, 0, 4)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 10_001})
  void limit_outOfBounds_isRefused(int limit) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new InvalidLimit(limit))
        .withMessage("limit: " + limit + " (expected: 0 to 10000)");
  }

  private static long micros(long seconds) {
    return seconds * 1_000_000;
  }
}
