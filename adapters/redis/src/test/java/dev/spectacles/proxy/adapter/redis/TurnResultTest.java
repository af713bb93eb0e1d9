package dev.spectacles.proxy.adapter.redis;

import static dev.spectacles.proxy.application.port.out.Requests.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.Grant.Hold;
import dev.spectacles.proxy.domain.ratelimit.Grant.Reach;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.route.MajorParameter;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class TurnResultTest {
  private static final TokenId TOKEN = new TokenId("token");
  private static final Claim TWO = new Claim(route("GET", "/channels/1/alpha"), 2);
  private static final Claim ONE = new Claim(route("GET", "/channels/2/bravo"), 1);

  @Test
  void grants_haveTheLeasesOfTheirClaims_inOrder() {
    TurnResult result =
        TurnResult.read(
            List.of(
                17L,
                0L,
                "a",
                "channels/1",
                2L,
                "",
                0L,
                0L,
                0L,
                0L,
                "b",
                "channels/2",
                1L,
                "",
                0L,
                0L,
                0L,
                0L),
            TOKEN,
            List.of(TWO, ONE),
            100);

    assertThat(result.micros()).isEqualTo(17);
    assertThat(result.openings()).isEmpty();
    assertThat(result.grants())
        .flatExtracting(grant -> grant.leases().stream().map(Lease::id).toList())
        .containsExactly(100L, 101L, 102L);
    assertThat(result.grants().getLast().bucket()).isEqualTo(bucket("b", "channels/2"));
    assertThat(result.grants()).allSatisfy(grant -> assertThat(grant.hold()).isEmpty());
  }

  @Test
  void hold_saysWhatHoldsUpForHowLong() {
    TurnResult result =
        TurnResult.read(
            List.of(1L, 0L, "b", "channels/2", 0L, "BUCKET", 1_500L, 250L, 5L, 2_000_000L),
            TOKEN,
            List.of(ONE),
            1);

    assertThat(result.grants().getFirst().hold())
        .contains(
            new Hold(
                Reach.BUCKET,
                Duration.ofNanos(1_500_000),
                Duration.ofNanos(250_000),
                5,
                Duration.ofSeconds(2)));
  }

  @Test
  void openings_comeBeforeTheGrants() {
    TurnResult result =
        TurnResult.read(List.of(1L, 1L, "a", "channels/1", 40L), TOKEN, List.of(), 1);

    assertThat(result.openings())
        .containsExactly(
            new TurnResult.Opening(bucket("a", "channels/1"), Duration.ofNanos(40_000)));
  }

  @Test
  void answerThatIsTooShort_isNoGrant() {
    assertThatExceptionOfType(NoSuchElementException.class)
        .isThrownBy(() -> TurnResult.read(List.of(1L, 0L, "b"), TOKEN, List.of(ONE), 1));
  }

  private static BucketKey bucket(String name, String major) {
    return new BucketKey(name, new MajorParameter(major));
  }
}
