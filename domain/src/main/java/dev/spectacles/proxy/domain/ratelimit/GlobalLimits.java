package dev.spectacles.proxy.domain.ratelimit;

import java.util.Map;

/**
 * Requests per second that Discord permits each caller over all routes.
 *
 * @param everyone of callers that are not named
 * @param perBot of bots that were granted more, by their id
 */
public record GlobalLimits(int everyone, Map<String, Integer> perBot) {
  public GlobalLimits {
    perBot = Map.copyOf(perBot);
  }

  /** The same for everybody. */
  public static GlobalLimits ofAll(int limit) {
    return new GlobalLimits(limit, Map.of());
  }

  /** Whether the configuration names this caller. */
  public boolean isSetFor(TokenId token) {
    return token.botId().filter(perBot::containsKey).isPresent();
  }

  /** Limit of this caller, as far as the configuration tells. */
  public int of(TokenId token) {
    return token.botId().map(id -> perBot.getOrDefault(id, everyone)).orElse(everyone);
  }
}
