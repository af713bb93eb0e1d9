package dev.spectacles.proxy.domain.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WishesTest {
  @Test
  void noHeaders_areNormalAndSayNothingOfTheWait() throws Exception {
    assertThat(Wishes.of(Headers.empty())).isEqualTo(new Wishes(Priority.NORMAL, Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({"high, HIGH", "normal, NORMAL", "low, LOW", "High, HIGH"})
  void priority_isRead(String value, Priority expected) throws Exception {
    Headers headers = Headers.parse(Map.of("X-Spectacles-Priority", value));
    assertThat(Wishes.of(headers).priority()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"30s, PT30S", "1h 30m, PT1H30M", "500ms, PT0.5S", "0, PT0S", "0s, PT0S"})
  void maxWait_isADurationAsInTheConfiguration(String value, Duration expected) throws Exception {
    Headers headers = Headers.parse(Map.of("X-SPECTACLES-MAX-WAIT", value));
    assertThat(Wishes.of(headers).maxWait()).contains(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x-spectacles-priority | urgent | one of high, normal, low",
        "x-spectacles-priority | hihg | one of high, normal, low (did you mean high?)",
        "x-spectacles-priority | '' | one of high, normal, low",
        "x-spectacles-max-wait | 5 | a duration such as 30s, 2min or 1h 30m; at character 2: a unit"
            + " such as s, min or h",
        "x-spectacles-max-wait | '' | a duration such as 30s, or 0s for no wait at all",
      })
  void unreadableValue_isStatus6AndSaysWhatIsExpected(String name, String value, String expected) {
    InvalidRequestException refusal = refusal(new Header(name, value));
    assertThat(refusal.status()).isEqualTo(ResponseStatus.INVALID_HEADERS);
    assertThat(refusal)
        .hasMessage("headers: " + name + ": \"" + value + "\" (expected: " + expected + ")");
  }

  @Test
  void longValue_isRefusedWithoutGuessing() {
    assertThat(refusal(new Header("x-spectacles-max-wait", "1" + "s".repeat(1_000_000))))
        .hasMessageContaining("at most 64 characters")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
  }

  @Test
  void headerThatComesTwice_isRefused() {
    assertThat(
            refusal(
                new Header("x-spectacles-priority", "high"),
                new Header("x-spectacles-priority", "low")))
        .hasMessageContaining("\"high, low\" (expected: the header once)");
  }

  private static InvalidRequestException refusal(Header... headers) {
    return catchThrowableOfType(
        InvalidRequestException.class, () -> Wishes.of(new Headers(List.of(headers))));
  }
}
