package dev.spectacles.proxy.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.adapter.spi.BrokerProvider;
import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import dev.spectacles.proxy.adapter.spi.ConfigSection;
import dev.spectacles.proxy.adapter.spi.MapSection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RedisSettingsTest {
  @Test
  void of_nothingSet_hasTheDefaults() {
    RedisSettings settings = RedisSettings.of(new MapSection(RedisSettings.keys(), Map.of()));

    assertThat(settings.url().servers()).isEqualTo("localhost:6379");
    assertThat(settings.poolSize()).isEqualTo(32);
    assertThat(settings.connectionsUsed()).isEqualTo(4);
    assertThat(settings.minIdle()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.claimInterval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.trimInterval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.abandonedGroupAfter()).isEqualTo(Duration.ofHours(24));
    assertThat(settings.sentinelUser()).isEmpty();
    assertThat(settings.sentinelPassword()).isEmpty();
    assertThat(settings.truststore()).isEmpty();
    assertThat(settings.truststorePassword()).isEmpty();
  }

  @Test
  void of_smallPool_isTheUpperBound() {
    RedisSettings settings =
        RedisSettings.of(new MapSection(RedisSettings.keys(), Map.of("pool_size", "1")));

    assertThat(settings.connectionsUsed()).isEqualTo(1);
  }

  @Test
  void toString_secretsSet_showsNone() {
    RedisSettings settings =
        RedisSettings.of(
            new MapSection(
                RedisSettings.keys(),
                Map.of(
                    "url", "redis://user:hunter2@host",
                    "sentinel_password", "hunter3",
                    "truststore_password", "hunter4")));

    assertThat(settings.toString()).doesNotContain("hunter").contains("user:***@host:6379");
    assertThat(settings.shown()).doesNotContain("hunter").contains("at most 4 connections");
  }

  @ParameterizedTest
  @ValueSource(strings = {"min_idle", "claim_interval", "trim_interval", "abandoned_group_after"})
  void of_durationEmptyOrTooShort_isRefused(String key) {
    assertThatThrownBy(
            () -> RedisSettings.of(new MapSection(RedisSettings.keys(), Map.of(key, ""))))
        .hasMessage("redis." + key + ": empty (expected: a duration)");
    assertThatThrownBy(
            () -> RedisSettings.of(new MapSection(RedisSettings.keys(), Map.of(key, "PT0.01S"))))
        .hasMessage("redis." + key + ": 10ms (expected: >= 50ms)");
  }

  @Test
  void of_truststoreMissingOrUnreadable_isRefusedWithoutThePassword(@TempDir Path directory)
      throws Exception {
    Path garbage = Files.writeString(directory.resolve("garbage.p12"), "no keystore");
    Path locked = truststore(directory, "another password");

    for (Path file : List.of(directory.resolve("missing.p12"), garbage, locked, directory)) {
      assertThatThrownBy(() -> RedisSettings.of(withTruststore(file)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "redis.truststore: "
                  + file
                  + " (expected: a PKCS 12 or JKS file that redis.truststore_password opens)")
          .hasMessageNotContaining("hunter4");
    }
  }

  @Test
  void of_truststoreReadable_isTaken(@TempDir Path directory) throws Exception {
    Path file = truststore(directory, "hunter4");

    assertThat(RedisSettings.of(withTruststore(file)).truststore()).contains(file.toString());
  }

  private static ConfigSection withTruststore(Path file) {
    return new MapSection(
        RedisSettings.keys(),
        Map.of("truststore", file.toString(), "truststore_password", "hunter4"));
  }

  private static Path truststore(Path directory, String password) throws Exception {
    Path file = directory.resolve("trust.p12");
    KeyStore empty = KeyStore.getInstance("PKCS12");
    empty.load(null, null);
    try (var out = Files.newOutputStream(file)) {
      empty.store(out, password.toCharArray());
    }
    return file;
  }

  @Test
  void keys_secrets_areMarked() {
    assertThat(RedisSettings.keys().keys())
        .filteredOn(ConfigKeys.Key::secret)
        .extracting(ConfigKeys.Key::name)
        .containsExactlyInAnyOrder("url", "sentinel_password", "truststore_password");
  }

  @Test
  void provider_asService_isFound() {
    assertThat(ServiceLoader.load(BrokerProvider.class))
        .extracting(BrokerProvider::type)
        .contains("redis");
  }
}
