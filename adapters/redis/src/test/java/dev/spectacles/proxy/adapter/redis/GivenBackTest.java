package dev.spectacles.proxy.adapter.redis;

import static dev.spectacles.proxy.application.port.out.Requests.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Index.atIndex;

import dev.spectacles.proxy.domain.ratelimit.BucketHash;
import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.RateLimitHeaders;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests;
import dev.spectacles.proxy.domain.route.MajorParameter;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GivenBackTest {
  private static final int FIELDS = 20;
  private static final Route ROUTE = route("GET", "/channels/1/alpha");
  private static final Lease LEASE =
      new Lease(
          7, new TokenId("token"), ROUTE, new BucketKey("hash", new MajorParameter("channels/1")));

  @Test
  void answer_withLimits_tellsThem_itsAgeAndHowLateItWas() {
    var headers = new RateLimitHeaders(new BucketHash("hash"), 5, 4, 1_700_000, 900);
    List<Object> told =
        told(new Outcome.Answered(200, Optional.of(headers), Optional.empty(), false));

    assertThat(told).hasSize(FIELDS).startsWith(7L, ROUTE.key().value(), ROUTE.major().value());
    assertThat(told.subList(4, 9)).containsExactly("hash", "channels/1", 1, 3L, 250L);
    assertThat(told.subList(9, 17)).containsExactly("A", 200, 0, "hash", 5, 4, 1_700_000L, 900L);
    assertThat(told.subList(17, FIELDS)).containsExactly("", 0L, 0);
  }

  @Test
  void tooManyRequests_tellsWhomForHowLong() {
    var limited = new TooManyRequests(TooManyRequests.Scope.SHARED, Duration.ofMillis(1_500));
    List<Object> told =
        told(new Outcome.Answered(429, Optional.empty(), Optional.of(limited), false));

    assertThat(told).hasSize(FIELDS);
    assertThat(told.subList(12, 19)).containsExactly("", 0, 0, 0L, 0L, "SHARED", 1_500_000L);
  }

  @Test
  void whatWasNotAnswered_hasAsManyFields() {
    assertThat(told(new Outcome.NotSent())).hasSize(FIELDS).contains("N", atIndex(9));
    assertThat(told(new Outcome.Unknown())).hasSize(FIELDS).contains("U", atIndex(9));
  }

  @Test
  void again_isMarked() {
    var told = new ArrayList<Object>();
    new GivenBack(LEASE, new Outcome.NotSent(), Duration.ZERO, 0, false).again().addTo(told, 0);

    assertThat(told).hasSize(FIELDS).last().isEqualTo(1);
  }

  private static List<Object> told(Outcome outcome) {
    var told = new ArrayList<Object>();
    new GivenBack(LEASE, outcome, Duration.ofNanos(250_000), 2_000, false).addTo(told, 5_900);
    return told;
  }
}
