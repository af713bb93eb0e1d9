package dev.spectacles.proxy.adapter.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.ratelimit.Grant.Hold;
import dev.spectacles.proxy.domain.ratelimit.Grant.Reach;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests.Scope;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Times in seconds. */
class EgressBlockTest {
  private final EgressBlock block = new EgressBlock();

  @Test
  void noBan_nothingIsHeldUp() {
    grant(1, 0);
    block.released(1, answered(Optional.empty()), micros(1));
    block.released(2, limited(Scope.GLOBAL, 60), micros(1));
    assertThat(block.hold(micros(1))).isEmpty();
    assertThat(block.isBanned()).isFalse();
  }

  @Test
  void ban_lastsAsLongAsAnnounced() {
    block.released(1, limited(Scope.CLOUDFLARE, 60), 0);
    Hold hold = block.hold(micros(20)).orElseThrow();
    assertThat(hold.reach()).isEqualTo(Reach.EGRESS);
    assertThat(hold.delay()).isEqualTo(Duration.ofSeconds(40));
    assertThat(hold.atLeast()).isEqualTo(Duration.ofSeconds(40));
    assertThat(block.hold(micros(60))).isEmpty();
    assertThat(block.isBanned()).as("only a probe may go").isTrue();
  }

  @Test
  void refusalsOfRequestsThatWereUnderWay_doNotLengthenTheBan() {
    for (int i = 0; i < 40; i++) {
      block.released(i, limited(Scope.CLOUDFLARE, 60), i);
    }
    assertThat(block.hold(micros(61))).isEmpty();
  }

  @Test
  void answersOfRequestsThatWereUnderWay_doNotEndTheBan() {
    block.released(1, limited(Scope.CLOUDFLARE, 60), 0);
    block.released(2, answered(Optional.empty()), micros(1));
    assertThat(block.hold(micros(2))).isPresent();
  }

  @Test
  void probe_letsTheOthersAskAgainSoon_andEndsTheBan() {
    block.released(1, limited(Scope.CLOUDFLARE, 60), 0);
    grant(2, 60);
    Hold beside = block.hold(micros(61)).orElseThrow();
    assertThat(beside.delay()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    assertThat(beside.atLeast()).isZero();
    block.released(2, answered(Optional.empty()), micros(62));
    assertThat(block.hold(micros(62))).isEmpty();
    assertThat(block.isBanned()).isFalse();
  }

  @Test
  void probeThatMeetsTheBanAgain_doublesItUpToAnHour() {
    block.released(1, limited(Scope.CLOUDFLARE, 60), 0);
    long now = 60;
    for (long expected : new long[] {120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600}) {
      grant(2, now);
      block.released(2, limited(Scope.CLOUDFLARE, 60), micros(now));
      assertThat(block.hold(micros(now)).orElseThrow().delay())
          .isEqualTo(Duration.ofSeconds(expected));
      now += expected;
    }
    grant(3, now);
    block.released(3, answered(Optional.empty()), micros(now));
    block.released(4, limited(Scope.CLOUDFLARE, 60), micros(now));
    assertThat(block.hold(micros(now)).orElseThrow().delay()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void probeThatNeverReportsBack_makesWayForAnother() {
    block.released(1, limited(Scope.CLOUDFLARE, 60), 0);
    grant(2, 60);
    assertThat(block.hold(micros(89))).isPresent();
    assertThat(block.hold(micros(91))).isEmpty();
    grant(3, 91);
    assertThat(block.hold(micros(92))).isPresent();
  }

  @Test
  void probeOfUnknownOutcome_isFollowedByAnotherAtOnce() {
    block.released(1, limited(Scope.CLOUDFLARE, 60), 0);
    grant(2, 60);
    block.released(2, new Outcome.Unknown(), micros(61));
    assertThat(block.hold(micros(61))).isEmpty();
    assertThat(block.isBanned()).isTrue();
  }

  @Test
  void probeThatMeetsAnOrdinary429_endsTheBan() {
    block.released(1, limited(Scope.CLOUDFLARE, 60), 0);
    grant(2, 60);
    block.released(2, limited(Scope.USER, 5), micros(61));
    assertThat(block.isBanned()).isFalse();
  }

  @Test
  void banWithoutALength_isNotProbedAllTheTime() {
    block.released(1, limited(Scope.CLOUDFLARE, 0), 0);
    assertThat(block.hold(1).orElseThrow().delay())
        .isCloseTo(Duration.ofSeconds(1), Duration.ofMillis(1));
  }

  private void grant(long lease, long at) {
    assertThat(block.hold(micros(at))).isEmpty();
    block.granted(lease, micros(at));
  }

  private static Outcome limited(Scope scope, long seconds) {
    return answered(Optional.of(new TooManyRequests(scope, Duration.ofSeconds(seconds))));
  }

  private static Outcome answered(Optional<TooManyRequests> limited) {
    return new Outcome.Answered(limited.isPresent() ? 429 : 200, Optional.empty(), limited);
  }

  private static long micros(long seconds) {
    return seconds * 1_000_000;
  }
}
