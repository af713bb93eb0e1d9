package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.domain.ratelimit.TokenId;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of the limiter's keys and channels. All keys of a caller share a hash tag, so that a
 * cluster keeps them on one node; the number is that of the layout, for upgrades side by side.
 */
record LimitKeys(String egress) {
  /** Who is there; no caller's. */
  static final String INSTANCES = "sp:1:instances";

  private static final String CHANNELS = "sp:1:wake:";
  private static final Pattern PREFIX = Pattern.compile("sp:1:\\{([^}]*)}:");

  /** Prefix of a caller's keys. Requests without credentials are counted by address. */
  String prefix(TokenId token) {
    String owner = token.equals(TokenId.ANONYMOUS) ? token.value() + "@" + egress : token.value();
    return "sp:1:{" + owner + "}:";
  }

  /** Caller whose keys have this prefix. */
  Optional<TokenId> token(String prefix) {
    Matcher matcher = PREFIX.matcher(prefix);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    boolean anonymous = prefix.equals(prefix(TokenId.ANONYMOUS));
    return Optional.of(anonymous ? TokenId.ANONYMOUS : new TokenId(matcher.group(1)));
  }

  /** Keys that every script of the limiter is given, in their order. */
  List<Object> all(TokenId token) {
    String prefix = prefix(token);
    return List.of(
        prefix + "map", prefix + "p", prefix + "l", prefix + "le", prefix + "g", prefix + "t");
  }

  /** What the channel of an instance starts with. */
  static String channels() {
    return CHANNELS;
  }

  /** Channel on which an instance hears what others gave back. */
  static String channel(String instance) {
    return CHANNELS + instance;
  }
}
