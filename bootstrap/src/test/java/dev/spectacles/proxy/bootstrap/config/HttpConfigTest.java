package dev.spectacles.proxy.bootstrap.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpConfigTest {
  private static final String SECRET = "a-secret-of-the-door";

  @TempDir private Path directory;
  private ConfigFixture fixture;

  @BeforeEach
  void prepare() {
    fixture = new ConfigFixture(directory);
  }

  @Test
  void door_isShutUnlessItHasAnAddress() {
    assertThat(fixture.load().http()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    ":8080, 127.0.0.1:8080",
    "127.0.0.9:1, 127.0.0.9:1",
    "localhost:1, localhost:1",
    "[::1]:0, [::1]:0"
  })
  void addressOfThisMachine_needsNothingElse(String address, String shown) {
    Config.Http http = fixture.environment("HTTP_ADDR", address).load().http().orElseThrow();
    assertThat(http.address()).hasToString(shown);
    assertThat(http.isOpen()).isFalse();
    assertThat(http.credentials()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0:8080", "[::]:8080", "10.0.0.1:8080", "proxy:8080", "128.0.0.1:1"})
  void addressThatOthersReach_needsASecretOrAWord(String address) {
    fixture.environment("HTTP_ADDR", address);
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> fixture.load())
        .withMessageContaining("http.addr: " + address)
        .withMessageContaining("http.secret")
        .withMessageContaining("http.open = true");

    Config.Http secret =
        fixture.environment("HTTP_SECRET", SECRET).load().http().orElseThrow();
    assertThat(secret.secret()).contains(SECRET);
    assertThat(secret.isOpen()).isFalse();
    assertThat(secret.toString()).doesNotContain(SECRET);

    Config.Http open =
        fixture
            .environment("HTTP_SECRET", "")
            .environment("HTTP_OPEN", "true")
            .load()
            .http()
            .orElseThrow();
    assertThat(open.isOpen()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"abc.def, Bot abc.def", "Bot abc.def, Bot abc.def", "Bearer abc, Bearer abc"})
  void defaultToken_isTheBots(String token, String credentials) {
    fixture.environment("HTTP_ADDR", ":8080").environment("DISCORD_TOKEN", token);
    assertThat(fixture.load().http().flatMap(Config.Http::credentials)).isEmpty();
    Config config = fixture.environment("HTTP_DEFAULT_TOKEN", "true").load();
    assertThat(config.http().flatMap(Config.Http::credentials))
        .isEqualTo(Optional.of(credentials));
    assertThat(config.toString()).doesNotContain("abc");
  }

  @Test
  void defaultToken_withoutAUsableToken_isAMistake() {
    fixture.environment("HTTP_ADDR", ":8080").environment("HTTP_DEFAULT_TOKEN", "true");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> fixture.load())
        .withMessageContaining("discord.token: \"\" (expected: a bot's token");
    fixture.environment("DISCORD_TOKEN", "planted token");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> fixture.load())
        .withMessageContaining("discord.token: \"***\"")
        .withMessageNotContaining("planted");
  }

  @Test
  void settingsWithoutAnAddress_areNoted() {
    Config config = fixture.environment("HTTP_OPEN", "true").load();
    assertThat(config.notes())
        .containsExactly("http.open (environment HTTP_OPEN) has no effect: http.addr is empty");
  }
}
