package dev.spectacles.proxy.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.ratelimit.TokenId;
import org.junit.jupiter.api.Test;

class LimitKeysTest {
  private static final TokenId TOKEN = new TokenId("0a1b");
  private final LimitKeys keys = new LimitKeys("default");

  @Test
  void keysOfACaller_shareAHashTag() {
    assertThat(keys.all(TOKEN))
        .hasSize(6)
        .doesNotHaveDuplicates()
        .allSatisfy(key -> assertThat(key).asString().startsWith("sp:1:{0a1b}:"));
  }

  @Test
  void prefix_namesItsCaller() {
    assertThat(keys.token(keys.prefix(TOKEN))).contains(TOKEN);
    assertThat(keys.token(keys.prefix(TokenId.ANONYMOUS))).contains(TokenId.ANONYMOUS);
    assertThat(keys.token("elsewhere")).isEmpty();
  }

  @Test
  void requestsWithoutCredentials_areCountedByAddress() {
    assertThat(keys.prefix(TokenId.ANONYMOUS))
        .isNotEqualTo(new LimitKeys("other").prefix(TokenId.ANONYMOUS));
    assertThat(keys.prefix(TOKEN)).isEqualTo(new LimitKeys("other").prefix(TOKEN));
  }
}
