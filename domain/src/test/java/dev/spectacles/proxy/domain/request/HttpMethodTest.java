package dev.spectacles.proxy.domain.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpMethodTest {
  @ParameterizedTest
  @CsvSource({
    "GET, true",
    "HEAD, true",
    "PUT, true",
    "DELETE, true",
    "OPTIONS, true",
    "TRACE, true",
    "POST, false",
    "PATCH, false",
    "get, false",
    "M-SEARCH, false",
  })
  void method_isIdempotent(String name, boolean idempotent) throws InvalidRequestException {
    HttpMethod method = HttpMethod.parse(name);
    assertThat(method.isIdempotent()).isEqualTo(idempotent);
    assertThat(method.is(name)).isTrue();
    assertThat(method).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "GE T", "GET\r\n", "GET /x", "\u00c9", "CONNECT", "(GET)"})
  void name_thatIsNoMethod_isStatus5(String name) {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> HttpMethod.parse(name))
        .satisfies(e -> assertThat(e.status()).isEqualTo(ResponseStatus.INVALID_METHOD));
  }

  @Test
  void message_aboutALongName_isShortAndPrintable() {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> HttpMethod.parse("\u0001".repeat(10_000)))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200).matches("\\p{Print}*"));
  }

  @Test
  void constructor_refusesWhatIsNoToken() {
    assertThatIllegalArgumentException().isThrownBy(() -> new HttpMethod("A B"));
  }
}
