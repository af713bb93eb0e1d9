package dev.spectacles.proxy.domain.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.request.Body;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaxConcurrencyTest {
  private static final String ANSWER =
      """
      {"url": "wss://gateway.discord.gg/", "shards": 9,
       "session_start_limit": {"total": 1000, "remaining": 999,
                               "reset_after": 14400000, "max_concurrency": 16}}
      """;

  @Test
  void answerOfGatewayBot_isRead() {
    assertThat(MaxConcurrency.parse(Body.of(ANSWER))).contains(new MaxConcurrency(16));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"max_concurrency\":16}",
        "{\"session_start_limit\":{\"total\":1},\"max_concurrency\":16}",
        "{\"session_start_limit\":{\"max_concurrency\":\"16\"}}",
        "{\"session_start_limit\":{\"max_concurrency\":-16}}",
        "{\"session_start_limit\":{\"max_concurrency\":1.6}}",
        "{\"session_start_limit\":{\"max_concurrency\":12345}}",
        "{\"session_start_limit\":{\"max_concurrency\":16",
      })
  void anythingElse_isNothing(String body) {
    assertThat(MaxConcurrency.parse(Body.of(body))).isEmpty();
  }

  @Test
  void largeBody_isNotReadToItsEnd() {
    assertThat(MaxConcurrency.parse(Body.of(" ".repeat(16 * 1024) + ANSWER))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 0", "2, 500", "16, 500", "20, 500", "21, 525", "9999, 249975"})
  void globalLimit_growsWithTheBot(int shards, int expected) {
    assertThat(new MaxConcurrency(shards).globalLimit().orElse(0)).isEqualTo(expected);
  }
}
