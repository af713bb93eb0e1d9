package dev.spectacles.proxy.adapter.wire;

import static dev.spectacles.proxy.adapter.wire.Packed.decode;
import static dev.spectacles.proxy.adapter.wire.Packed.refusal;
import static dev.spectacles.proxy.adapter.wire.Packed.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.wire.Packed.Pairs;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RequestTimeoutTest {
  private static final BigInteger U64_MAX = new BigInteger("18446744073709551615");

  static Stream<Arguments> timeouts() {
    return Stream.of(
        Arguments.of(Map.of("secs", 5, "nanos", 250_000_000), Duration.ofMillis(5250)),
        Arguments.of(new Pairs("nanos", 1, "secs", 0), Duration.ofNanos(1)),
        Arguments.of(List.of(5, 250_000_000), Duration.ofMillis(5250)),
        Arguments.of(List.of(0, 0), Duration.ZERO),
        Arguments.of(List.of(1, 2_000_000_000L), Duration.ofSeconds(3)),
        Arguments.of(
            List.of(9_000_000_000L, 4_294_967_295L),
            Duration.ofSeconds(9_000_000_000L, 4_294_967_295L)),
        Arguments.of(new Pairs("secs", 1, "later", List.of(1), "nanos", 0), Duration.ofSeconds(1)));
  }

  @ParameterizedTest
  @MethodSource("timeouts")
  void timeout_rustDuration_isThatLong(Object timeout, Duration expected) {
    Duration read = decode("timeout", timeout).timeout().orElseThrow();

    assertThat(read).isEqualTo(expected);
    assertThat(Deadline.after(read, 0).hasPassed(0)).isEqualTo(expected.isZero());
  }

  static Stream<Object> badTimeouts() {
    return Stream.of(
        5,
        1.5,
        "5s",
        true,
        List.of(),
        List.of(5),
        List.of(5, 0, 0),
        List.of(-1, 0),
        List.of(0, -1),
        List.of(1.0, 0),
        List.of("1", 0),
        List.of(0, 4_294_967_296L),
        List.of(9_223_372_036L, 0),
        List.of(Long.MAX_VALUE, 0),
        List.of(Long.MAX_VALUE, 999_999_999),
        List.of(U64_MAX, 999_999_999),
        Map.of(),
        Map.of("secs", 1),
        Map.of("nanos", 1),
        Map.of("secs", -1, "nanos", 0),
        Map.of("secs", U64_MAX, "nanos", 0),
        new Pairs("secs", 1, "secs", 1, "nanos", 0),
        new Pairs("secs", 1, "nanos", 0, "nanos", 0));
  }

  @ParameterizedTest
  @MethodSource("badTimeouts")
  void timeout_negativeOverflowingOrElse_isStatus2(Object timeout) {
    assertThat(refusal(request("timeout", timeout), ResponseStatus.INVALID_REQUEST_FORMAT))
        .startsWith("timeout: ");
  }
}
