package dev.spectacles.proxy.domain.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceIdTest {
  private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00-" + ID + "-00f067aa0ba902b7-01";

  @ParameterizedTest
  @ValueSource(
      strings = {
        PARENT,
        "00-" + ID + "-00f067aa0ba902b7-00",
        "cc-" + ID + "-00f067aa0ba902b7-01-x"
      })
  void parent_saysTheTrace(String parent) {
    assertThat(TraceId.of(headers(parent))).contains(new TraceId(ID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-" + ID,
        "ff-" + ID + "-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-" + ID + "-0000000000000000-01",
        "00-" + ID + "-00f067aa0ba902b7-01-x",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-" + ID + "-00f067aa0ba902b7-01\r\nx",
        "Bot token"
      })
  void parentThatBreaksTheRules_saysNothing(String parent) {
    assertThat(TraceId.of(headers(parent))).isEmpty();
  }

  @Test
  void noneOrTwo_sayNothing() {
    var parent = new Header("traceparent", PARENT);

    assertThat(TraceId.of(Headers.empty())).isEmpty();
    assertThat(TraceId.of(new Headers(List.of(parent, parent)))).isEmpty();
  }

  private static Headers headers(String parent) {
    return new Headers(List.of(new Header("traceparent", parent)));
  }
}
