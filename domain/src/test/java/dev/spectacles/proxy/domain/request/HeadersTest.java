package dev.spectacles.proxy.domain.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {
  @Test
  void headers_thatAreFine_haveLowerCaseNamesAndTheirOrder() throws InvalidRequestException {
    var asked = new LinkedHashMap<String, String>();
    asked.put("X-Audit-Log-Reason", " because\tof %20 ");
    asked.put("Authorization", "Bot abc");
    asked.put("x-empty", "");
    Headers headers = Headers.parse(asked);
    assertThat(headers.fields())
        .containsExactly(
            new Header("x-audit-log-reason", "because\tof %20"),
            new Header("authorization", "Bot abc"),
            new Header("x-empty", ""));
    assertThat(headers.first("authorization")).contains("Bot abc");
    assertThat(headers.contains("x-empty")).isTrue();
    assertThat(headers.first("absent")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "a b", "a:b", "a\n", "n\u00e4me", "a(b)", "a/b", "a\"", "\u0000", "[]"})
  void name_thatIsNoToken_isStatus6(String name) {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> Headers.parse(Map.of(name, "marked-secret")))
        .satisfies(e -> assertThat(e.status()).isEqualTo(ResponseStatus.INVALID_HEADERS))
        .withMessageNotContaining("marked-secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a\r\nX: y", "a\nb", "\u0000", "\u007f", "caf\u00e9", "\uD83D\uDD25", "\u0007"})
  void value_thatCouldNotBeSent_isStatus6AndNotRepeated(String value) {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> Headers.parse(Map.of("Authorization", "marked-secret" + value)))
        .satisfies(e -> assertThat(e.status()).isEqualTo(ResponseStatus.INVALID_HEADERS))
        .withMessageContaining("\"Authorization\"")
        .withMessageNotContaining("marked-secret");
  }

  @Test
  void repeatedNames_joinInOrder() {
    Headers headers = Headers.of(Map.of("A", "1")).with("B", "2").with("A", "3");
    assertThat(headers.joined()).containsExactly(Map.entry("a", "1, 3"), Map.entry("b", "2"));
    assertThat(headers.without("a"::equals).fields()).containsExactly(new Header("b", "2"));
  }

  @Test
  void fields_cannotBeChangedAfterwards() {
    var fields = new java.util.ArrayList<>(List.of(new Header("a", "1")));
    var headers = new Headers(fields);
    fields.clear();
    assertThat(headers.fields()).hasSize(1);
  }

  @Test
  void toString_hidesValues() {
    assertThat(Headers.of(Map.of("authorization", "Bot marked-secret")).toString())
        .doesNotContain("marked-secret");
  }
}
