package dev.spectacles.proxy.domain.ratelimit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.request.Headers;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GlobalLimitsTest {
  private static final String ID = "175928847299117063";

  private static TokenId caller(String authorization) {
    return TokenId.of(Headers.of(Map.of("authorization", authorization)));
  }

  private static String token(String id) {
    String first = Base64.getUrlEncoder().withoutPadding().encodeToString(id.getBytes(US_ASCII));
    return "Bot " + first + ".aBcDeF.secret";
  }

  @Test
  void botsToken_namesItsId() {
    assertThat(caller(token(ID)).botId()).contains(ID);
    assertThat(caller(token("100000000000000001")).botId()).contains("100000000000000001");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bot secret",
        "Bearer MTc1OTI4ODQ3Mjk5MTE3MDYz.aBcDeF.secret",
        "Bot aGVsbG8gd29ybGQhISEh.aBcDeF.secret",
        "Bot .aBcDeF.secret",
        "Bot MTc1OTI4ODQ3Mjk5MTE3MDYz"
      })
  void otherCredentials_nameNone(String authorization) {
    assertThat(caller(authorization).botId()).isEmpty();
  }

  @Test
  void forgedTokenWithABotsId_isAnotherCaller() {
    assertThat(caller(token(ID))).isNotEqualTo(caller(token(ID) + "2"));
  }

  @Test
  void namedBot_hasItsOwnLimit_allOthersTheSame() {
    var limits = new GlobalLimits(50, Map.of(ID, 500));
    assertThat(limits.of(caller(token(ID)))).isEqualTo(500);
    assertThat(limits.of(caller(token("100000000000000001")))).isEqualTo(50);
    assertThat(limits.of(TokenId.ANONYMOUS)).isEqualTo(50);
    assertThat(GlobalLimits.ofAll(70).of(caller(token(ID)))).isEqualTo(70);
  }
}
