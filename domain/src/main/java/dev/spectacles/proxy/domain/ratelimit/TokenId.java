package dev.spectacles.proxy.domain.ratelimit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.route.Digest;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whom Discord counts a request against: the hash of the exact {@code Authorization} value, so that
 * a forged token with a bot's id in it cannot hold up the bot; or the egress address for requests
 * without one.
 *
 * @param botId id that a bot's token names, for what is set per bot; not proven
 */
public record TokenId(String value, Optional<String> botId) {
  /** Requests without credentials, which Discord counts by address. */
  public static final TokenId ANONYMOUS = new TokenId("anonymous");

  private static final Pattern BOT_TOKEN = Pattern.compile("Bot ([A-Za-z0-9_-]{16,30}={0,2})\\..*");
  private static final Pattern ID = Pattern.compile("[0-9]{15,20}");

  public TokenId {
    requireNonNull(value, "value");
    requireNonNull(botId, "botId");
  }

  /** Caller whose token names no bot. */
  public TokenId(String value) {
    this(value, Optional.empty());
  }

  /** Caller that these request headers name. */
  public static TokenId of(Headers headers) {
    return headers
        .first("authorization")
        .map(value -> new TokenId(Digest.of(value), botId(value)))
        .orElse(ANONYMOUS);
  }

  /** A bot's token starts with its id in Base64. Source: Discord docs, Reference. */
  private static Optional<String> botId(String authorization) {
    Matcher matcher = BOT_TOKEN.matcher(authorization);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      String id = new String(Base64.getUrlDecoder().decode(matcher.group(1)), US_ASCII);
      return Optional.of(id).filter(text -> ID.matcher(text).matches());
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /** The id follows from the value. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TokenId token && token.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value;
  }
}
