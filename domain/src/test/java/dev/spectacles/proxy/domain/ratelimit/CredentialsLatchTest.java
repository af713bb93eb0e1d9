package dev.spectacles.proxy.domain.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.ratelimit.CredentialsLatch.Verdict;
import org.junit.jupiter.api.Test;

class CredentialsLatchTest {
  private static final long SECOND = 1_000_000;
  private static final long NOW = 1_000 * SECOND;

  private final CredentialsLatch suspect = CredentialsLatch.ACCEPTED.answered(1, true, NOW);
  private final CredentialsLatch refused = suspect.probing(2, NOW).answered(2, true, NOW);

  @Test
  void acceptedCredentials_letEverythingThrough() {
    assertThat(CredentialsLatch.ACCEPTED.verdict(NOW)).isEqualTo(Verdict.OPEN);
    assertThat(CredentialsLatch.ACCEPTED.answered(1, false, NOW))
        .isEqualTo(CredentialsLatch.ACCEPTED);
    assertThat(CredentialsLatch.ACCEPTED.unanswered(1, NOW)).isEqualTo(CredentialsLatch.ACCEPTED);
  }

  @Test
  void firstRefusal_isConfirmedByOneProbe() {
    assertThat(suspect.verdict(NOW)).isEqualTo(Verdict.PROBE);
    CredentialsLatch probing = suspect.probing(2, NOW);
    assertThat(probing.verdict(NOW)).isEqualTo(Verdict.WAIT);
    assertThat(probing.delay(NOW)).isPositive().isLessThan(SECOND);
  }

  @Test
  void answersOfOthersThanTheProbe_decideNothing() {
    CredentialsLatch probing = suspect.probing(2, NOW);
    assertThat(probing.answered(3, true, NOW)).isEqualTo(probing);
    assertThat(probing.answered(3, false, NOW)).isEqualTo(probing);
  }

  @Test
  void confirmedRefusal_refusesAll_butAProbePerMinute() {
    assertThat(refused.verdict(NOW + 59 * SECOND)).isEqualTo(Verdict.REFUSED);
    assertThat(refused.delay(NOW)).isEqualTo(60 * SECOND);
    assertThat(refused.verdict(NOW + 60 * SECOND)).isEqualTo(Verdict.PROBE);
    CredentialsLatch probing = refused.probing(5, NOW + 60 * SECOND);
    assertThat(probing.verdict(NOW + 61 * SECOND)).isEqualTo(Verdict.REFUSED);
    assertThat(probing.answered(5, true, NOW + 61 * SECOND).verdict(NOW + 120 * SECOND))
        .isEqualTo(Verdict.REFUSED);
  }

  @Test
  void probeThatIsAnswered_setsThemFree() {
    assertThat(refused.probing(5, NOW + 60 * SECOND).answered(5, false, NOW + 61 * SECOND))
        .isEqualTo(CredentialsLatch.ACCEPTED);
  }

  @Test
  void probeWithoutAnswer_isFollowedByAnother() {
    CredentialsLatch probing = suspect.probing(2, NOW);
    assertThat(probing.unanswered(2, NOW + SECOND).verdict(NOW + SECOND)).isEqualTo(Verdict.PROBE);
    assertThat(probing.unanswered(3, NOW + SECOND)).isEqualTo(probing);
    assertThat(probing.verdict(NOW + 5 * SECOND)).as("it never reported").isEqualTo(Verdict.PROBE);
  }

  @Test
  void refusalNobodyProbed_isProbedAfterItsTime() {
    assertThat(refused.verdict(NOW + 1_000 * SECOND)).isEqualTo(Verdict.PROBE);
    CredentialsLatch probing = refused.probing(7, NOW + 1_000 * SECOND);
    assertThat(probing.verdict(NOW + 1_000 * SECOND)).as("not refused").isEqualTo(Verdict.WAIT);
  }
}
