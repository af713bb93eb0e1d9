package dev.spectacles.proxy.domain.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @ParameterizedTest
  @ValueSource(longs = {0, 5_000_000_000L, -5_000_000_000L, Long.MAX_VALUE - 10, Long.MIN_VALUE})
  void deadline_passesWhenItsTimeIsUp_whateverTheClockReads(long now) {
    Deadline deadline = Deadline.after(SECOND, now);
    assertThat(deadline.hasPassed(now)).isFalse();
    assertThat(deadline.hasPassed(now + 999_999_999)).isFalse();
    assertThat(deadline.hasPassed(now + 1_000_000_000)).isTrue();
    assertThat(deadline.remaining(now)).contains(SECOND);
    assertThat(deadline.remaining(now + 2_000_000_000)).contains(Duration.ZERO);
    assertThat(deadline.allows(SECOND.minusNanos(1), now)).isTrue();
    assertThat(deadline.allows(SECOND, now)).isFalse();
  }

  @Test
  void noDeadline_neverPasses() {
    Deadline none = Deadline.none();
    assertThat(none.hasPassed(Long.MAX_VALUE)).isFalse();
    assertThat(none.remaining(0)).isEmpty();
    assertThat(none.allows(Duration.ofDays(1_000_000), 0)).isTrue();
  }

  @Test
  void earlier_isTheOneThatPassesFirst_alsoWhereTheClockOverflows() {
    long now = Long.MAX_VALUE - 10;
    Deadline soon = Deadline.after(Duration.ofNanos(5), now);
    Deadline later = Deadline.after(Duration.ofNanos(20), now);
    assertThat(soon.earlier(later)).isEqualTo(soon);
    assertThat(later.earlier(soon)).isEqualTo(soon);
    assertThat(soon.earlier(Deadline.none())).isEqualTo(soon);
    assertThat(Deadline.none().earlier(soon)).isEqualTo(soon);
  }

  @Test
  void timeouts_beyondTheClock_areBounded() {
    Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
    assertThat(Deadline.after(endless, 0).hasPassed(Duration.ofDays(365).toNanos())).isFalse();
    Duration longAgo = Duration.between(Instant.parse("2026-01-01T00:00:00Z"), Instant.MIN);
    assertThat(Deadline.after(longAgo, 7).hasPassed(7)).isTrue();
    assertThat(Deadline.after(SECOND, 0).allows(endless, 0)).isFalse();
  }

  @Test
  void timeout_ofNothing_hasPassed() {
    assertThat(Deadline.after(Duration.ZERO, 3).hasPassed(3)).isTrue();
    assertThat(Deadline.after(Duration.ofSeconds(-1), 3).hasPassed(3)).isTrue();
    assertThat(Deadline.after(Duration.ZERO, 3).allows(Duration.ZERO, 3)).isFalse();
  }
}
