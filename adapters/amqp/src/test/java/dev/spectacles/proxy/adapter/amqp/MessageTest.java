package dev.spectacles.proxy.adapter.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.impl.LongStringHelper;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MessageTest {
  private static final Instant RECEIVED = Instant.ofEpochSecond(1_700_000_000);

  @Test
  void identity_messageId_countsAlone() {
    var one = of(properties().messageId("m").replyTo("a").correlationId("1"));
    var again = of(properties().messageId("m").replyTo("b").correlationId("2"));

    assertThat(one.identity()).isPresent().isEqualTo(again.identity());
    assertThat(one.id()).isEqualTo(again.id());
  }

  @Test
  void identity_replyAndCorrelation_countTogether() {
    Optional<Identity> identity = of(properties().replyTo("ab").correlationId("c")).identity();

    assertThat(identity).isPresent();
    assertThat(of(properties().replyTo("a").correlationId("bc")).identity())
        .isPresent()
        .isNotEqualTo(identity);
    assertThat(of(properties().messageId("abc")).identity()).isNotEqualTo(identity);
  }

  @Test
  void identity_otherQueue_differs() {
    var properties = properties().messageId("m").build();

    assertThat(Identity.of("gateway:REQUEST", properties))
        .isNotEqualTo(Identity.of("gateway:OTHER", properties));
  }

  @Test
  void identity_incomplete_isNone() {
    assertThat(of(properties()).identity()).isEmpty();
    assertThat(of(properties().replyTo("a")).identity()).isEmpty();
    assertThat(of(properties().correlationId("a")).identity()).isEmpty();
    assertThat(of(properties().messageId("").replyTo("")).identity()).isEmpty();
    assertThat(of(properties()).id()).isEqualTo("fallback");
  }

  @Test
  void replyTo_absentOrEmpty_isNone() {
    assertThat(of(properties()).replyTo()).isEmpty();
    assertThat(of(properties().replyTo("")).replyTo()).isEmpty();
    assertThat(of(properties().replyTo("a")).replyTo()).contains("a");
  }

  @Test
  void expiry_expiration_countsFromTheReceipt() {
    assertThat(of(properties().expiration("5000")).expiry()).contains(RECEIVED.plusSeconds(5));
    assertThat(of(properties().expiration("0")).expiry()).contains(RECEIVED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "-1", "1.5", "soon", "5s", "999999999999999", "9999999999999999"})
  void expiry_unreadableOrEndless_isNone(String expiration) {
    assertThat(of(properties().expiration(expiration)).expiry()).isEmpty();
  }

  @Test
  void expiry_timeoutAt_isAbsolute() {
    LongString text = LongStringHelper.asLongString("1700000001000000000");

    assertThat(of(properties().headers(Map.of("timeout_at", text))).expiry())
        .contains(RECEIVED.plusSeconds(1));
    assertThat(of(properties().headers(Map.of("timeout_at", 1_700_000_002_000_000_000L))).expiry())
        .contains(RECEIVED.plusSeconds(2));
  }

  @Test
  void expiry_both_isTheEarlier() {
    var headers = Map.<String, Object>of("timeout_at", "1700000003000000000");

    assertThat(of(properties().headers(headers).expiration("4000")).expiry())
        .contains(RECEIVED.plusSeconds(3));
    assertThat(of(properties().headers(headers).expiration("2000")).expiry())
        .contains(RECEIVED.plusSeconds(2));
  }

  private static BasicProperties.Builder properties() {
    return new BasicProperties.Builder();
  }

  private static Message of(BasicProperties.Builder properties) {
    return Message.of(
        "REQUEST",
        "gateway:REQUEST",
        "fallback",
        properties.build(),
        false,
        new byte[] {1},
        RECEIVED);
  }
}
