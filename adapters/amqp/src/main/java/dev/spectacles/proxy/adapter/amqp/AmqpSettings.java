package dev.spectacles.proxy.adapter.amqp;

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
 * Settings of section {@code amqp}, checked.
 *
 * @param prefetch requests that the broker hands out without their being settled; none for what
 *     {@link #prefetch(int, boolean)} makes of it
 * @param heartbeat how often both sides of a connection give a sign at most; whole seconds
 * @param truststore file with the certificates to trust, for a private authority
 */
public record AmqpSettings(
    AmqpUrl url,
    Optional<Integer> prefetch,
    Duration heartbeat,
    Optional<String> truststore,
    Optional<String> truststorePassword) {
  /** What the protocol can express. */
  private static final int MOST_PREFETCHED = 65_535;

  /**
   * Without shared markers everything un-acked that is not idempotent gets status 7 when its
   * connection is lost, and with fewer a single full bucket would hold up all others.
   */
  private static final int UNMARKED_PREFETCH = 250;

  /** Every key of the section. */
  public static ConfigKeys keys() {
    return new ConfigKeys(
        List.of(
            ConfigKeys.secret(
                "url",
                "amqp://localhost:5672",
                "Where the broker is: amqp://user:password@host:port/vhost, amqps:// for TLS;"
                    + " several hosts of one cluster separated by commas."),
            ConfigKeys.number(
                "prefetch",
                0,
                0,
                MOST_PREFETCHED,
                "Most requests taken without their being settled; 0 for broker.max_held, or "
                    + UNMARKED_PREFETCH
                    + " where the store of rate limits shares no \"sent\" markers."),
            ConfigKeys.duration(
                "heartbeat",
                "10s",
                "How often both sides give a sign; a connection without one for twice as long is"
                    + " taken for lost."),
            ConfigKeys.text(
                "truststore", "", "PKCS 12 or JKS file with the certificates to trust."),
            ConfigKeys.secret("truststore_password", "", "Password of that file.")));
  }

  /**
   * Settings of this section; {@link IllegalArgumentException} names what is wrong with which key.
   */
  public static AmqpSettings of(ConfigSection section) {
    long prefetch = section.number("prefetch");
    var settings =
        new AmqpSettings(
            AmqpUrl.parse(section.text("url").orElse("")),
            prefetch == 0 ? Optional.empty() : Optional.of(Math.toIntExact(prefetch)),
            heartbeat(section),
            section.text("truststore"),
            section.text("truststore_password"));
    settings.truststore().ifPresent(file -> settings.trusted());
    return settings;
  }

  /** Requests handed out without their being settled, 1 to 65535. */
  int prefetch(int mostHeld, boolean markersAreShared) {
    int usual = markersAreShared ? mostHeld : Math.min(mostHeld, UNMARKED_PREFETCH);
    return Math.min(prefetch.orElse(usual), MOST_PREFETCHED);
  }

  /** The certificates to trust; only where a file with them is set. */
  KeyStore trusted() {
    String file = truststore.orElse("");
    try {
      return KeyStore.getInstance(
          new File(file), truststorePassword.map(String::toCharArray).orElse(null));
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "amqp.truststore: "
              + file
              + " (expected: a PKCS 12 or JKS file that amqp.truststore_password opens)",
          e);
    }
  }

  /** Address with its password masked. */
  public String shown() {
    return url.shown();
  }

  /** Never a password. */
  @Override
  public String toString() {
    return "AmqpSettings[" + shown() + "]";
  }

  private static Duration heartbeat(ConfigSection section) {
    Duration value = section.duration("heartbeat").orElse(Duration.ZERO);
    if (value.toSeconds() < 1 || value.toSeconds() > 3_600) {
      throw new IllegalArgumentException(
          "amqp.heartbeat: " + value.toMillis() + "ms (expected: 1s to 1h)");
    }
    return Duration.ofSeconds(value.toSeconds());
  }
}
