package dev.spectacles.proxy.domain.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseStatusTest {
  @ParameterizedTest
  @CsvSource({
    "SUCCESS, 0",
    "UNKNOWN_ERROR, 1",
    "INVALID_REQUEST_FORMAT, 2",
    "INVALID_PATH, 3",
    "INVALID_QUERY, 4",
    "INVALID_METHOD, 5",
    "INVALID_HEADERS, 6",
    "REQUEST_FAILURE, 7",
    "REQUEST_TIMEOUT, 8",
  })
  void status_hasItsNumberOnTheWire(ResponseStatus status, int code) {
    assertThat(status.code()).isEqualTo(code);
    assertThat(ResponseStatus.ofCode(code)).contains(status);
  }

  @Test
  void numbers_beyondTheTable_areNoStatus() {
    assertThat(ResponseStatus.values()).hasSize(9);
    assertThat(ResponseStatus.ofCode(-1)).isEmpty();
    assertThat(ResponseStatus.ofCode(9)).isEmpty();
  }

  @Test
  void failure_cannotBeASuccess() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ProxyResponse.Failure(ResponseStatus.SUCCESS, "x"));
  }

  @Test
  void httpAnswer_isASuccessWhateverItsCode() {
    var answer =
        new ProxyResponse.Http(500, Headers.empty(), "https://x/secret", Body.of("secret"));
    assertThat(answer.status()).isEqualTo(ResponseStatus.SUCCESS);
    assertThat(answer.toString()).doesNotContain("secret");
  }
}
