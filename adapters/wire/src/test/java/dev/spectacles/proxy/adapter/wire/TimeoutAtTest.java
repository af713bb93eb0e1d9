package dev.spectacles.proxy.adapter.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TimeoutAtTest {
  @Test
  void parse_nanoseconds_isTheMoment() {
    assertThat(TimeoutAt.parse("1700000000123456789".getBytes(UTF_8)))
        .contains(Instant.ofEpochSecond(1_700_000_000, 123_456_789));
    assertThat(TimeoutAt.parse("0".getBytes(UTF_8))).contains(Instant.EPOCH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "1.5",
        "soon",
        "0x10",
        "1e18",
        "9223372036854775807",
        "340282366920938463463374607431768211455",
        "99999999999999999999999999999999999999999999999999",
      })
  void parse_unreadableOrEndless_isNone(String text) {
    assertThat(TimeoutAt.parse(text.getBytes(UTF_8))).isEmpty();
  }
}
