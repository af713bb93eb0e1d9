package dev.spectacles.proxy.bootstrap.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskingTest {
  @ParameterizedTest
  @CsvSource({
    "localhost:6379, localhost:6379",
    "redis://localhost:6379/3, redis://localhost:6379/3",
    "redis://user:hush@localhost:6379/3, redis://user:***@localhost:6379/3",
    "redis://:hush@localhost, redis://:***@localhost",
    "redis://hush@localhost, redis://***@localhost",
    "rediss://u:hu:sh@h@localhost, rediss://u:***@localhost",
    "rediss://u:hu/s?h@localhost, rediss://u:***@localhost",
    "u:hush@localhost:6379, u:***@localhost:6379",
    ":hush@localhost:6379, :***@localhost:6379",
    "redis://h:1?password=hush&db=2, redis://h:1?password=***&db=2",
    "redis://[::1]:6379, redis://[::1]:6379"
  })
  void show_address_masksItsPasswordOnly(String address, String shown) {
    assertThat(Masking.show(ConfigKeys.text("url", "", ""), address)).isEqualTo(shown);
    assertThat(Masking.show(ConfigKeys.secret("url", "", ""), address)).isEqualTo(shown);
    assertThat(Masking.show(ConfigKeys.text("sentinel_url", "", ""), address)).isEqualTo(shown);
  }

  @Test
  void show_secret_isMaskedWhole() {
    assertThat(Masking.show(ConfigKeys.secret("word", "", ""), "hush")).isEqualTo("***");
    assertThat(Masking.show(ConfigKeys.text("password", "", ""), "hush")).isEqualTo("***");
    assertThat(Masking.show(ConfigKeys.text("truststore_password", "", ""), "x")).isEqualTo("***");
    assertThat(Masking.show(ConfigKeys.secret("word", "", ""), "")).isEmpty();
  }

  @Test
  void show_other_isShown() {
    assertThat(Masking.show(ConfigKeys.flag("default_token", false, ""), "true"))
        .isEqualTo("true");
    assertThat(Masking.show(ConfigKeys.text("group", "", ""), "a:b@c")).isEqualTo("a:b@c");
    assertThat(Masking.show(ConfigKeys.text("node", "", ""), "redis://a:b@c"))
        .isEqualTo("redis://a:***@c");
  }

  @Test
  void quote_controlCharactersAndLength_areBounded() {
    assertThat(Masking.quote(ConfigKeys.text("group", "", ""), "a\nb\u001b[0m"))
        .isEqualTo("\"a?b?[0m\"");
    assertThat(Masking.quote(ConfigKeys.text("group", "", ""), "x".repeat(100)))
        .isEqualTo("\"" + "x".repeat(80) + "...\"");
  }
}
