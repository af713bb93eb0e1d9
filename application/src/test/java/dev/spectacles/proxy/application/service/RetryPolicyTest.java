package dev.spectacles.proxy.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.DiscordException.Kind;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.HttpMethod;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which request is sent again after what, how often, and after how long. */
class RetryPolicyTest {
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "NOT_SENT, GET, 3",
    "NOT_SENT, POST, 3",
    "NOT_SENT, PATCH, 3",
    "MAYBE_SENT, GET, 2",
    "MAYBE_SENT, HEAD, 2",
    "MAYBE_SENT, PUT, 2",
    "MAYBE_SENT, DELETE, 2",
    "MAYBE_SENT, POST, 0",
    "MAYBE_SENT, PATCH, 0",
    "DEADLINE_PASSED, GET, 0",
    "DEADLINE_PASSED, POST, 0",
    "UNUSABLE_ANSWER, GET, 0",
    "UNUSABLE_ANSWER, POST, 0",
  })
  void noAnswer_isRetriedThisOften(Kind kind, String method, int times) {
    int retries = 0;
    while (RetryPolicy.afterFailure(kind, new HttpMethod(method), retries, 0).isPresent()) {
      retries++;
    }
    assertThat(retries).isEqualTo(times);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "502, GET, 3",
    "502, POST, 3",
    "503, PATCH, 3",
    "503, DELETE, 3",
    "500, GET, 2",
    "504, PUT, 2",
    "520, GET, 2",
    "521, GET, 2",
    "522, GET, 2",
    "523, GET, 2",
    "524, DELETE, 2",
    "500, POST, 0",
    "504, PATCH, 0",
    "524, POST, 0",
    "200, GET, 0",
    "204, GET, 0",
    "301, GET, 0",
    "400, GET, 0",
    "401, GET, 0",
    "403, GET, 0",
    "404, GET, 0",
    "501, GET, 0",
    "505, GET, 0",
    "599, GET, 0",
  })
  void answer_isRetriedThisOften(int code, String method, int times) {
    int retries = 0;
    while (RetryPolicy.afterAnswer(code, Headers.empty(), new HttpMethod(method), retries, 0)
        .isPresent()) {
      retries++;
    }
    assertThat(retries).isEqualTo(times);
  }

  @ParameterizedTest(name = "try {0}, random {1}")
  @CsvSource({"0, 0, 250", "0, 0.5, 312", "0, 1, 375", "1, 0, 500", "1, 1, 750", "2, 0, 1000"})
  void pause_doublesAndIsSpread(int before, double random, long millis) {
    assertThat(RetryPolicy.afterFailure(Kind.NOT_SENT, new HttpMethod("GET"), before, random))
        .contains(Duration.ofMillis(millis));
  }

  @ParameterizedTest(name = "Retry-After: {0}")
  @CsvSource({
    "2, 2000",
    "0.1, 250",
    "30, 30000",
    "0, 250",
    "-1, 250",
    "'Wed, 21 Oct 2026 07:28:00 GMT', 250",
    "soon, 250",
    "1e9, -1",
    "31, -1",
    "86400, -1",
  })
  void retryAfterOfAGateway_isHonouredIfItIsShort(String value, long millis) {
    Optional<Duration> pause =
        RetryPolicy.afterAnswer(
            503, Headers.of(Map.of("retry-after", value)), new HttpMethod("GET"), 0, 0);
    assertThat(pause.map(Duration::toMillis).orElse(-1L)).isEqualTo(millis);
  }

  @Test
  void limits_areMetFiveTimesAtMost() {
    assertThat(RetryPolicy.afterLimit(4)).isTrue();
    assertThat(RetryPolicy.afterLimit(5)).isFalse();
  }
}
