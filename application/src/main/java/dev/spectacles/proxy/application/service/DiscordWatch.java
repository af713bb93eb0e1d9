package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.DiscordException;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log when Discord does not answer, or refuses a bot's token, and when that is over.
 * Thread-safe.
 */
final class DiscordWatch {
  private static final Logger LOG = LoggerFactory.getLogger(DiscordWatch.class);

  /** Callers can make up any number of tokens. */
  private static final int MOST_TOKENS = 100;

  private final Clock clock;
  private final Lapse answers;
  private final Lapse otherTokens;
  private final Map<TokenId, Lapse> tokens = new ConcurrentHashMap<>();

  DiscordWatch(Clock clock) {
    this.clock = clock;
    this.answers = new Lapse(clock);
    this.otherTokens = new Lapse(clock);
  }

  /** To be taken before a request is sent. */
  long attempt() {
    return answers.attempt();
  }

  /** Discord answered, whatever it said. */
  void answered(long attempt) {
    if (answers.worked(attempt)) {
      LOG.info("Discord answers again");
    }
  }

  /** There is no answer. */
  void failed(DiscordException e) {
    boolean discords =
        switch (e.kind()) {
          case NOT_SENT, MAYBE_SENT -> true;
          // It was the caller who did not wait, or the answer that cannot be passed on.
          case DEADLINE_PASSED, UNUSABLE_ANSWER -> false;
        };
    if (discords && answers.failed()) {
      LOG.warn(
          "Discord does not answer: {}; requests fail with status 7 until it does", e.getMessage());
    }
  }

  /** Discord refuses the token of a bot. */
  void refused(TokenId token) {
    if (tokens.size() >= MOST_TOKENS && !tokens.containsKey(token)) {
      if (otherTokens.failed()) {
        LOG.warn("Discord refuses more than {} tokens (401); others are not told", MOST_TOKENS);
      }
      return;
    }
    if (tokens.computeIfAbsent(token, any -> new Lapse(clock)).failed()) {
      LOG.warn(
          "Discord refuses the token of bot {} (401): give its workers the current one",
          token.botId().orElse("(unknown id)"));
    }
  }

  /** Discord accepts this token. */
  void accepted(TokenId token) {
    Lapse lapse = tokens.get(token);
    if (lapse != null && lapse.worked(lapse.attempt())) {
      LOG.info("Discord accepts the token of bot {} again", token.botId().orElse("(unknown id)"));
    }
  }
}
