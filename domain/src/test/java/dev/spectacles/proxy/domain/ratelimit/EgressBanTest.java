package dev.spectacles.proxy.domain.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.ratelimit.EgressReport.Banned;
import dev.spectacles.proxy.domain.ratelimit.EgressReport.ProbeLost;
import dev.spectacles.proxy.domain.ratelimit.EgressReport.ProbePassed;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Times in seconds. */
class EgressBanTest {
  private final EgressBan banned = EgressBan.NONE.after(banned(60), 0);

  @Test
  void noBan_nothingIsClosedAndNothingToProbe() {
    assertThat(EgressBan.NONE.closedFor(0)).isZero();
    assertThat(EgressBan.NONE.probed(1, 0)).isEmpty();
    assertThat(EgressBan.NONE.after(new ProbePassed(1), 0)).isEqualTo(EgressBan.NONE);
  }

  @Test
  void ban_lastsAsLongAsAnnounced() {
    assertThat(banned.closedFor(micros(20))).isEqualTo(Duration.ofSeconds(40));
    assertThat(banned.probed(1, micros(59))).isEmpty();
    assertThat(banned.closedFor(micros(60))).isZero();
    assertThat(banned.on()).as("only a probe may go").isTrue();
    assertThat(banned.probed(1, micros(60))).isPresent();
  }

  @Test
  void refusalsOfRequestsThatWereUnderWay_doNotLengthenTheBan() {
    assertThat(banned.after(banned(60), micros(10))).isEqualTo(banned);
  }

  @Test
  void probe_isOneAtATime_andEndsTheBan() {
    EgressBan probed = banned.probed(7, micros(60)).orElseThrow();
    assertThat(probed.isProbed(micros(61))).isTrue();
    assertThat(probed.probed(8, micros(61))).isEmpty();
    assertThat(probed.after(new ProbePassed(8), micros(62))).as("another's").isEqualTo(probed);
    assertThat(probed.after(new ProbePassed(7), micros(62))).isEqualTo(EgressBan.NONE);
  }

  @Test
  void probeThatMeetsTheBanAgain_doublesItUpToAnHour() {
    EgressBan ban = banned;
    long now = 60;
    for (long expected : new long[] {120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600}) {
      ban = ban.probed(7, micros(now)).orElseThrow();
      ban = ban.after(new Banned(Duration.ofSeconds(60), Optional.of(7L)), micros(now));
      assertThat(ban.closedFor(micros(now))).isEqualTo(Duration.ofSeconds(expected));
      now += expected;
    }
  }

  @Test
  void probeThatNeverReportsBack_makesWayForAnother() {
    EgressBan probed = banned.probed(7, micros(60)).orElseThrow();
    assertThat(probed.probed(8, micros(89))).isEmpty();
    EgressBan second = probed.probed(8, micros(91)).orElseThrow();
    assertThat(second.after(new ProbePassed(7), micros(92))).isEqualTo(second);
  }

  @Test
  void probeThatIsLost_isFollowedByAnotherAtOnce() {
    EgressBan lost = banned.probed(7, micros(60)).orElseThrow().after(new ProbeLost(7), micros(61));
    assertThat(lost.on()).isTrue();
    assertThat(lost.probed(8, micros(61))).isPresent();
  }

  @Test
  void banWithoutALength_isNotProbedAllTheTime() {
    assertThat(EgressBan.NONE.after(banned(0), 0).closedFor(0)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void shifted_isTheSameByAnotherClock() {
    EgressBan probed = banned.probed(7, micros(60)).orElseThrow();
    EgressBan shifted = probed.shifted(micros(1_000));
    assertThat(shifted.isProbed(micros(1_089))).isTrue();
    assertThat(shifted.isProbed(micros(1_091))).isFalse();
    assertThat(shifted.shifted(micros(-1_000))).isEqualTo(probed);
    assertThat(EgressBan.NONE.shifted(5)).isEqualTo(EgressBan.NONE);
  }

  private static EgressReport banned(long seconds) {
    return new Banned(Duration.ofSeconds(seconds), Optional.empty());
  }

  private static long micros(long seconds) {
    return seconds * 1_000_000;
  }
}
