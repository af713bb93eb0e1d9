package dev.spectacles.proxy.domain.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spectacles.proxy.domain.ratelimit.Grant.Hold;
import dev.spectacles.proxy.domain.ratelimit.Grant.Reach;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.route.MajorParameter;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Global limit, server clock, token ids and holds. */
class SmallValuesTest {
  @Test
  void globalLimit_opensAWindowAndAMarginAfterTheOneSoManyAgo() {
    var limit = new GlobalLimit(50, GlobalLimit.MARGIN);
    assertThat(limit.nextAt(10_000_000)).isEqualTo(11_032_000);
  }

  @Test
  void globalLimit_widensUpToItsBoundAndNarrowsBack() {
    var limit = new GlobalLimit(50, GlobalLimit.MARGIN);
    GlobalLimit wide = limit.widened();
    assertThat(wide.margin()).isEqualTo(64_000);
    for (int i = 0; i < 10; i++) {
      wide = wide.widened();
    }
    assertThat(wide.margin()).isEqualTo(GlobalLimit.WIDEST_MARGIN);
    for (int i = 0; i < 10; i++) {
      wide = wide.narrowed();
    }
    assertThat(wide).isEqualTo(limit);
    assertThatIllegalArgumentException().isThrownBy(() -> new GlobalLimit(0, 1));
  }

  @Test
  void serverClock_thatKnowsNothing_takesTheReceipt() {
    assertThat(ServerClock.UNKNOWN.countedAt(5_000, 77)).isEqualTo(77);
  }

  @Test
  void serverClock_tellsWhenASlowAnswerWasCounted() {
    // Discord's clock is 5 s ahead of ours; the fastest answer took 10 ms, a slow one 300 ms.
    ServerClock clock = ServerClock.UNKNOWN.observe(6_000, 1_010_000);
    clock = clock.observe(7_000, 2_300_000);
    assertThat(clock.countedAt(7_000, 2_300_000)).isEqualTo(2_012_000);
    assertThat(clock.countedAt(7_500, 2_510_000))
        .as("never after its receipt")
        .isEqualTo(2_510_000);
  }

  @Test
  void serverClock_forgetsAnOffsetAfterAMinute_soADriftIsFollowed() {
    ServerClock clock = ServerClock.UNKNOWN.observe(0, 10_000);
    clock = clock.observe(31_000, 31_500_000);
    assertThat(clock.countedAt(32_000, 32_900_000))
        .as("still the faster one")
        .isEqualTo(32_012_000);
    clock = clock.observe(62_000, 62_500_000);
    assertThat(clock.countedAt(63_000, 63_900_000)).as("forgotten").isEqualTo(63_502_000);
    clock = clock.observe(200_000, 200_700_000);
    assertThat(clock.countedAt(201_000, 201_900_000)).as("long silence").isEqualTo(201_702_000);
  }

  @Test
  void tokenId_isAHashOfTheExactCredentials() {
    TokenId bot = TokenId.of(Headers.of(Map.of("Authorization", "Bot marked-secret")));
    assertThat(bot.toString()).doesNotContain("marked-secret").hasSize(16);
    assertThat(TokenId.of(Headers.of(Map.of("authorization", "Bot marked-secret")))).isEqualTo(bot);
    assertThat(TokenId.of(Headers.of(Map.of("authorization", "Bearer marked-secret"))))
        .isNotEqualTo(bot);
    assertThat(TokenId.of(Headers.empty())).isEqualTo(TokenId.ANONYMOUS);
  }

  @ParameterizedTest(name = "{0} others")
  @CsvSource({"0, 2", "4, 2", "5, 7", "9, 7", "10, 12", "1000, 1002"})
  void hold_isLongerForThoseWithOthersBeforeThem(int others, long seconds) {
    var hold =
        new Hold(
            Reach.BUCKET, Duration.ofSeconds(3), Duration.ofSeconds(2), 5, Duration.ofSeconds(5));
    assertThat(hold.atLeast(others)).isEqualTo(Duration.ofSeconds(seconds));
    var unknown = new Hold(Reach.ROUTE, Duration.ZERO, Duration.ofSeconds(2), 0, Duration.ZERO);
    assertThat(unknown.atLeast(others)).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void claim_ofNothing_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Claim(Route.UNREADABLE, 0));
  }

  @Test
  void bucketKey_isTheSameForOneHashAndMajor() {
    var major = new MajorParameter("channels/1");
    assertThat(BucketKey.of(new BucketHash("a"), major))
        .isEqualTo(new BucketKey("a", major))
        .hasToString("a channels/1");
    assertThatIllegalArgumentException().isThrownBy(() -> new BucketHash(""));
    assertThatIllegalArgumentException().isThrownBy(() -> new BucketHash("a".repeat(129)));
  }
}
