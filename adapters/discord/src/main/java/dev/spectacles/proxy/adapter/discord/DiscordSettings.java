package dev.spectacles.proxy.adapter.discord;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;

/**
 * How Discord is called.
 *
 * @param apiUrl root of the API without its version, {@code http} or {@code https}
 * @param apiVersion number behind {@code /v} in every URL
 * @param timeout longest time for one exchange, its body included; doubled for request bodies
 *     beyond {@link #LARGE_BODY} bytes
 * @param maxResponseBytes largest body that is taken from Discord
 * @param userAgent sent by requests that bring none
 */
public record DiscordSettings(
    URI apiUrl, int apiVersion, Duration timeout, long maxResponseBytes, String userAgent) {
  /** Discord itself. */
  public static final URI DEFAULT_API_URL = URI.create("https://discord.com/api");

  /** Version that the protocol's configuration names as its default. */
  public static final int DEFAULT_API_VERSION = 10;

  /** Time for an exchange with a request body of ordinary size. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);

  /** 32 MiB, well above any JSON that Discord sends. */
  public static final long DEFAULT_MAX_RESPONSE_BYTES = 32L * 1024 * 1024;

  /** Size beyond which a request body counts as large. */
  public static final int LARGE_BODY = 1024 * 1024;

  // A body is one array, and some JDKs cannot make the very largest ones.
  private static final long LARGEST_ARRAY = Integer.MAX_VALUE - 8L;
  private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);
  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(5);

  public DiscordSettings {
    requireApiRoot(apiUrl);
    require(apiVersion >= 1, "discord.api_version", apiVersion, ">= 1");
    require(
        timeout.isPositive() && timeout.compareTo(LONGEST_TIMEOUT) <= 0,
        "discord.timeout",
        timeout,
        "more than 0 and at most 1h");
    require(
        maxResponseBytes >= 1 && maxResponseBytes <= LARGEST_ARRAY,
        "discord.max_response_bytes",
        maxResponseBytes,
        "1 to " + LARGEST_ARRAY);
    require(isPrintable(userAgent), "discord.user_agent", "***", "printable ASCII, not empty");
  }

  /** Name of a program in the form that Discord demands of a {@code User-Agent}. */
  public static String userAgentOf(String url, String version) {
    return "DiscordBot (" + url + ", " + version + ")";
  }

  /** Longest time for an exchange with a request body of this size. */
  Duration timeoutFor(int bodySize) {
    return bodySize > LARGE_BODY ? timeout.multipliedBy(2) : timeout;
  }

  /**
   * Longest time for making a connection, clearly less than that of an exchange: a server that
   * cannot be connected to is told from one that does not answer.
   */
  Duration connectTimeout() {
    Duration third = timeout.dividedBy(3);
    Duration shorter = third.compareTo(LONGEST_CONNECT) < 0 ? third : LONGEST_CONNECT;
    return shorter.toMillis() >= 1 ? shorter : Duration.ofMillis(1);
  }

  /** Host and port that are connected to, for messages. */
  String endpoint() {
    int port = apiUrl.getPort();
    if (port < 0) {
      port = isHttps(apiUrl) ? 443 : 80;
    }
    return apiUrl.getHost() + ":" + port;
  }

  private static void requireApiRoot(URI url) {
    requireNonNull(url, "apiUrl");
    boolean http = "http".equals(scheme(url)) || isHttps(url);
    // The URL is not shown: what makes it wrong may be a password in it.
    require(
        http && url.getHost() != null && url.getRawUserInfo() == null,
        "discord.api_url",
        "***",
        "http or https URL with a host and without credentials, such as " + DEFAULT_API_URL);
    require(
        url.getRawQuery() == null && url.getRawFragment() == null,
        "discord.api_url",
        "***",
        "no query and no fragment");
  }

  private static boolean isHttps(URI url) {
    return "https".equals(scheme(url));
  }

  private static String scheme(URI url) {
    return url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
  }

  private static boolean isPrintable(String text) {
    return !text.isBlank() && text.chars().allMatch(c -> c >= ' ' && c <= '~');
  }

  private static void require(boolean holds, String key, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(key + ": " + value + " (expected: " + expected + ")");
    }
  }
}
