package dev.spectacles.proxy.domain.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.domain.request.Body;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewaySendTest {
  @ParameterizedTest
  @CsvSource({
    "0, 1, 0",
    "0, 16, 0",
    "4194303, 16, 0",
    "4194304, 16, 1",
    "81384788765712384, 1, 0",
    "81384788765712384, 16, 2",
    "81384788765712384, 6, 4",
    "9223372036854775808, 7, 4",
    "18446744073709551615, 1000, 103",
  })
  void shard_ofAGuild_isAsDiscordSays(String guild, int shards, int expected) {
    var send = new GatewaySend(Long.parseUnsignedLong(guild), Body.empty());

    assertThat(send.shard(shards)).isEqualTo(expected);
    assertThat(new BigInteger(guild).shiftRight(22).mod(BigInteger.valueOf(shards)))
        .as("by the formula itself")
        .isEqualTo(BigInteger.valueOf(expected));
  }

  @Test
  void shard_ofNone_isRefused() {
    var send = new GatewaySend(1, Body.empty());

    assertThatThrownBy(() -> send.shard(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shards: 0 (expected: >= 1)");
  }
}
