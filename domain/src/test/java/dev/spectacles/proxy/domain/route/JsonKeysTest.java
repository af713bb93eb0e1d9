package dev.spectacles.proxy.domain.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonKeysTest {
  @Test
  void value_ofATopLevelKey_isFound() {
    String json =
        """
        {"id" : "12", "n":3,"none": null , "is":true, "in": {"id": "wrong", "a": [1]},
         "list": [{"id": "wrong"}], "quoted\\"": "a", "\\u0069x": "x\\"y", "last": 4.5}
        """;
    assertThat(
            JsonKeys.values(
                json, Set.of("id", "n", "none", "is", "in", "list", "ix", "last", "missing")))
        .isEqualTo(
            Map.of(
                "id", "12", "n", "3", "none", "null", "is", "true", "in", "", "list", "", "ix",
                "x\\\"y", "last", "4.5"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"",
        "{\"id",
        "{\"id\"",
        "[{\"id\": 1}]",
        "\"id\": 1",
        "text",
        "{\"a\\",
        "}{",
        "{}",
      })
  void noObject_hasNoValues(String json) {
    assertThat(JsonKeys.values(json, Set.of("id", "a"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"id\":", "{\"id\": ", "{\"id\":\"", "{\"id\":\"\\"})
  void cutOffValue_isEmptyOrCut(String json) {
    assertThat(JsonKeys.values(json, Set.of("id")).getOrDefault("id", "")).isIn("", "\\");
  }
}
