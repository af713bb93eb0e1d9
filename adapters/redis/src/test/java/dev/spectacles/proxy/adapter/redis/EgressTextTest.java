package dev.spectacles.proxy.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spectacles.proxy.domain.ratelimit.EgressBan;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisson.client.RedisException;

class EgressTextTest {
  @Test
  void ban_isReadAsItWasWritten() {
    var probed = new EgressBan(true, 1_700_000_000_000_000L, 3, Optional.of(Long.MAX_VALUE), -5);
    var unprobed = new EgressBan(true, -1, 1, Optional.empty(), 0);

    assertThat(EgressText.parse(EgressText.of(probed))).isEqualTo(probed);
    assertThat(EgressText.parse(EgressText.of(unprobed))).isEqualTo(unprobed);
    assertThat(EgressText.parse(EgressText.of(EgressBan.NONE))).isEqualTo(EgressBan.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "1 2 3", "1 2 3 x", "1 2 3 4 5", "99999999999999999999 1 0 0"})
  void textOfSomebodyElse_isRefused(String text) {
    assertThatExceptionOfType(RedisException.class).isThrownBy(() -> EgressText.parse(text));
  }
}
