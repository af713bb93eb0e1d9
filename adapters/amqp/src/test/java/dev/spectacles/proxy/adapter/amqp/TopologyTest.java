package dev.spectacles.proxy.adapter.amqp;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TopologyTest {
  private final AmqpBrokerProvider provider = new AmqpBrokerProvider();

  @Test
  void judge_longestNames_areAccepted() {
    assertThatCode(() -> provider.judge("g".repeat(200), Optional.of("s".repeat(46)), "REQUEST"))
        .doesNotThrowAnyException();
    assertThatCode(() -> provider.judge("g".repeat(247), Optional.empty(), "REQUEST"))
        .doesNotThrowAnyException();
  }

  @Test
  void judge_groupTooLong_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> provider.judge("é".repeat(128), Optional.empty(), "E"))
        .withMessage("broker.group: 256 bytes (expected: at most 255)");
  }

  @Test
  void judge_queueTooLong_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> provider.judge("g".repeat(248), Optional.empty(), "REQUEST"))
        .withMessage(
            "broker.event: 7 bytes (expected: at most 6, as the queue's name has 249 bytes beside"
                + " it)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> provider.judge("g".repeat(200), Optional.of("s".repeat(47)), "REQUEST"))
        .withMessageStartingWith("broker.subgroup: 47 bytes (expected: at most 46");
  }
}
