package dev.spectacles.proxy.adapter.discord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiscordSettingsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://discord.com/api",
        "discord.com/api",
        "/api",
        "https:///api",
        "https://user:s3cr3t@discord.com/api",
        "https://discord.com/api?token=s3cr3t",
        "https://discord.com/api#s3cr3t"
      })
  void apiUrl_unfit_isRefusedWithoutShowingIt(String url) {
    assertThatThrownBy(() -> settings(url, 10, Duration.ofSeconds(1), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("discord.api_url: ")
        .hasMessageContaining("(expected: ")
        .hasMessageNotContaining("s3cr3t");
  }

  @Test
  void numbers_outOfRange_areRefused() {
    assertThatThrownBy(() -> settings("http://h", 0, Duration.ofSeconds(1), 1))
        .hasMessage("discord.api_version: 0 (expected: >= 1)");
    assertThatThrownBy(() -> settings("http://h", 10, Duration.ZERO, 1))
        .hasMessage("discord.timeout: PT0S (expected: more than 0 and at most 1h)");
    assertThatThrownBy(() -> settings("http://h", 10, Duration.ofDays(1), 1))
        .hasMessageStartingWith("discord.timeout: PT24H");
    assertThatThrownBy(() -> settings("http://h", 10, Duration.ofSeconds(1), 0))
        .hasMessageStartingWith("discord.max_response_bytes: 0");
    assertThatThrownBy(() -> settings("http://h", 10, Duration.ofSeconds(1), 1L << 31))
        .hasMessageStartingWith("discord.max_response_bytes: 2147483648");
  }

  @ParameterizedTest
  @CsvSource({"0, 15", "1048576, 15", "1048577, 30"})
  void timeout_beyondOneMebibyte_isDoubled(int bodySize, int seconds) {
    var settings = settings("http://h", 10, DiscordSettings.DEFAULT_TIMEOUT, 1);

    assertThat(settings.timeoutFor(bodySize)).hasSeconds(seconds);
  }

  @ParameterizedTest
  @CsvSource({"15000, 5000", "60000, 5000", "3000, 1000", "1, 1"})
  void connectTimeout_isAThirdOrFiveSeconds(int timeout, int expected) {
    var settings = settings("http://h", 10, Duration.ofMillis(timeout), 1);

    assertThat(settings.connectTimeout()).hasMillis(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "https://discord.com/api, discord.com:443",
    "http://discord.com, discord.com:80",
    "http://localhost:8080/api, localhost:8080"
  })
  void endpoint_namesThePort(String url, String endpoint) {
    assertThat(settings(url, 10, Duration.ofSeconds(1), 1).endpoint()).isEqualTo(endpoint);
  }

  private static DiscordSettings settings(String url, int version, Duration timeout, long bytes) {
    return new DiscordSettings(URI.create(url), version, timeout, bytes, "agent");
  }
}
