package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.adapter.spi.ConfigKeys;
import dev.spectacles.proxy.adapter.spi.ConfigSection;
import java.io.File;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Settings of section {@code redis}, checked.
 *
 * @param poolSize upper bound of connections for commands
 * @param minIdle how long an entry lies untouched before another instance takes it over
 * @param claimInterval how often entries of dead instances are looked for
 * @param trimInterval how often served entries are removed from the stream
 * @param abandonedGroupAfter when a group nobody reads for stops holding back the trimming
 * @param sentinelUser name for the sentinels themselves
 * @param sentinelPassword password for the sentinels themselves
 * @param truststore file with the certificates to trust, for a private authority
 */
public record RedisSettings(
    RedisUrl url,
    int poolSize,
    Duration minIdle,
    Duration claimInterval,
    Duration trimInterval,
    Duration abandonedGroupAfter,
    Optional<String> sentinelUser,
    Optional<String> sentinelPassword,
    Optional<String> truststore,
    Optional<String> truststorePassword) {
  private static final Duration SHORTEST = Duration.ofMillis(50);
  // More connections only split the pipeline: measured at half the throughput with 64.
  private static final int USEFUL_CONNECTIONS = 4;

  /** Every key of the section. */
  public static ConfigKeys keys() {
    return new ConfigKeys(
        List.of(
            ConfigKeys.secret(
                "url",
                "localhost:6379",
                "Where Redis is: host:port, redis://user:password@host:port/db, rediss:// for TLS,"
                    + " redis+sentinel://h1:p1,h2:p2/name or redis+cluster://h1:p1,h2:p2."),
            ConfigKeys.number(
                "pool_size",
                32,
                1,
                1024,
                "Most connections for commands; at most 4 are used, as fewer pipeline better."),
            ConfigKeys.duration(
                "min_idle",
                "10s",
                "How long a request lies untouched before another instance takes it over."),
            ConfigKeys.duration(
                "claim_interval", "5s", "How often requests of dead instances are looked for."),
            ConfigKeys.duration(
                "trim_interval", "10s", "How often served requests are removed from the stream."),
            ConfigKeys.duration(
                "abandoned_group_after",
                "24h",
                "When a consumer group that nobody reads for stops holding back the trimming."),
            ConfigKeys.text("sentinel_user", "", "User name for the sentinels, if they have one."),
            ConfigKeys.secret("sentinel_password", "", "Password for the sentinels, if any."),
            ConfigKeys.text(
                "truststore",
                "",
                "File (PKCS 12 or JKS) with the certificates to trust, for a private authority."),
            ConfigKeys.secret("truststore_password", "", "Password of that file.")));
  }

  /**
   * Settings of this section; {@link IllegalArgumentException} names what is wrong with which key.
   */
  public static RedisSettings of(ConfigSection section) {
    Optional<String> truststore = section.text("truststore");
    Optional<String> truststorePassword = section.text("truststore_password");
    truststore.ifPresent(file -> requireReadable(file, truststorePassword));
    return new RedisSettings(
        RedisUrl.parse(section.text("url").orElse("")),
        Math.toIntExact(section.number("pool_size")),
        duration(section, "min_idle"),
        duration(section, "claim_interval"),
        duration(section, "trim_interval"),
        duration(section, "abandoned_group_after"),
        section.text("sentinel_user"),
        section.text("sentinel_password"),
        truststore,
        truststorePassword);
  }

  /** Connections for commands that are really opened at most. */
  public int connectionsUsed() {
    return Math.min(poolSize, USEFUL_CONNECTIONS);
  }

  /** Address with its password masked, and what is used of the pool. */
  public String shown() {
    return url.shown() + ", at most " + connectionsUsed() + " connections for commands";
  }

  /** Never a password. */
  @Override
  public String toString() {
    return "RedisSettings[" + shown() + "]";
  }

  private static void requireReadable(String truststore, Optional<String> password) {
    try {
      KeyStore.getInstance(new File(truststore), password.map(String::toCharArray).orElse(null));
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "redis.truststore: "
              + truststore
              + " (expected: a PKCS 12 or JKS file that redis.truststore_password opens)",
          e);
    }
  }

  private static Duration duration(ConfigSection section, String key) {
    Duration value =
        section
            .duration(key)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "redis." + key + ": empty (expected: a duration)"));
    if (value.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException(
          "redis."
              + key
              + ": "
              + value.toMillis()
              + "ms (expected: >= "
              + SHORTEST.toMillis()
              + "ms)");
    }
    return value;
  }
}
