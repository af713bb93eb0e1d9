package dev.spectacles.proxy.domain.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.request.Headers;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitHeadersTest {
  @Test
  void completeHeaders_areRead() {
    RateLimitHeaders read = RateLimitHeaders.parse(headers(Map.of())).orElseThrow();
    assertThat(read.bucket()).isEqualTo(new BucketHash("abcd1234"));
    assertThat(read.limit()).isEqualTo(5);
    assertThat(read.remaining()).isEqualTo(3);
    assertThat(read.used()).isEqualTo(2);
    assertThat(read.resetMillis()).isEqualTo(1_772_366_400_250L);
    assertThat(read.resetAfterMillis()).isEqualTo(1_500);
    assertThat(read.serverMillis()).isEqualTo(1_772_366_398_750L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-ratelimit-bucket",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-ratelimit-reset-after"
      })
  void oneHeaderMissing_isNone(String name) {
    assertThat(RateLimitHeaders.parse(headers(Map.of()).without(name::equals))).isEmpty();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "x-ratelimit-bucket, ''",
    "x-ratelimit-limit, 0",
    "x-ratelimit-limit, -1",
    "x-ratelimit-limit, ''",
    "x-ratelimit-limit, five",
    "x-ratelimit-limit, 1000001",
    "x-ratelimit-limit, 18446744073709551621",
    "x-ratelimit-limit, 1e3",
    "x-ratelimit-limit, 0x5",
    "x-ratelimit-limit, NaN",
    "x-ratelimit-remaining, -1",
    "x-ratelimit-remaining, none",
    "x-ratelimit-remaining, -18446744073709551613",
    "x-ratelimit-reset, soon",
    "x-ratelimit-reset, 99999999999999999999999999999999",
    "x-ratelimit-reset-after, -0.001",
    "x-ratelimit-reset-after, 2592000.001",
    "x-ratelimit-reset-after, 18446744073709551.617",
    "x-ratelimit-reset-after, 1E400000000",
    "x-ratelimit-reset-after, Infinity",
  })
  void nonsense_isNone(String name, String value) {
    assertThat(RateLimitHeaders.parse(headers(Map.of(name, value)))).isEmpty();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "1.5, 1500",
    "1, 1000",
    "0, 0",
    "0.0, 0",
    "0.001, 1",
    "0.0001, 1",
    "4.0000001, 4001",
    "2592000, 2592000000",
  })
  void decimals_areRoundedUpToMilliseconds(String value, long millis) {
    assertThat(
            RateLimitHeaders.parse(headers(Map.of("x-ratelimit-reset-after", value)))
                .orElseThrow()
                .resetAfterMillis())
        .isEqualTo(millis);
  }

  @Test
  void moreLeftThanTheLimit_countsAsNothingUsed() {
    assertThat(
            RateLimitHeaders.parse(headers(Map.of("x-ratelimit-remaining", "9")))
                .orElseThrow()
                .used())
        .isZero();
  }

  @Test
  void repeatedHeaders_theFirstCounts() {
    Headers twice = headers(Map.of()).with("X-RateLimit-Limit", "99");
    assertThat(RateLimitHeaders.parse(twice).orElseThrow().limit()).isEqualTo(5);
  }

  @Test
  void bucketThatIsTooLong_isNone() {
    assertThat(RateLimitHeaders.parse(headers(Map.of("x-ratelimit-bucket", "a".repeat(129)))))
        .isEmpty();
  }

  private static Headers headers(Map<String, String> changes) {
    var all = new LinkedHashMap<String, String>();
    all.put("x-ratelimit-bucket", "abcd1234");
    all.put("x-ratelimit-limit", "5");
    all.put("x-ratelimit-remaining", "3");
    all.put("x-ratelimit-reset", "1772366400.250");
    all.put("x-ratelimit-reset-after", "1.500");
    all.putAll(changes);
    return Headers.of(all);
  }
}
