package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.domain.entity.answer.AnswerRoute;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.route.PathSegments;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.Snowflake;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who may see what a bot's gateway told: whoever has a token of that bot, and Discord accepted it
 * lately. What a token says of itself proves nothing, as anybody can write the id of a bot.
 *
 * <p>Keeps hashes of tokens only, and a bounded number of them. Thread-safe.
 */
final class FeedingBot {
  /** What is known of credentials. */
  enum Trust {
    /** They are not that bot's. */
    STRANGER,
    /** They say that they are that bot's. */
    UNPROVEN,
    /** Discord accepted them. */
    PROVEN
  }

  /** So that a token that was replaced does not open what is kept for ever. */
  private static final Duration PROVEN_FOR = Duration.ofHours(1);

  private static final int MOST = 1000;
  private static final int UNAUTHORIZED = 401;

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final SequencedMap<TokenId, Long> provenUntil = new LinkedHashMap<>();

  FeedingBot(Clock clock) {
    this.clock = clock;
  }

  /**
   * What is known of a request's credentials.
   *
   * @param userId of the bot that feeds the cache
   */
  Trust trust(Headers headers, long userId) {
    TokenId token = TokenId.of(headers);
    boolean named =
        isSingle(headers)
            && token.botId().filter(id -> id.equals(Long.toUnsignedString(userId))).isPresent();
    if (!named) {
      return Trust.STRANGER;
    }
    lock.lock();
    try {
      Long until = provenUntil.get(token);
      return until != null && until - clock.nanoTime() > 0 ? Trust.PROVEN : Trust.UNPROVEN;
    } finally {
      lock.unlock();
    }
  }

  /** Hears what a request was answered. */
  void heard(ProxyRequest request, Route route, ProxyResponse.Http answer) {
    TokenId token = TokenId.of(request.headers());
    if (token.botId().isEmpty() || !isSingle(request.headers()) || !route.isAuthorisedByCaller()) {
      return;
    }
    boolean accepted =
        answer.code() / 100 == 2 && !Answers.isMade(answer) && needsCredentials(request);
    if (!accepted && answer.code() != UNAUTHORIZED) {
      return;
    }
    lock.lock();
    try {
      provenUntil.remove(token);
      if (accepted) {
        provenUntil.put(token, clock.nanoTime() + PROVEN_FOR.toNanos());
      }
      if (provenUntil.size() > MOST) {
        provenUntil.pollFirstEntry();
      }
    } finally {
      lock.unlock();
    }
  }

  /** With two of them, it cannot be told which one Discord accepted. */
  private static boolean isSingle(Headers headers) {
    return headers.fields().stream().filter(f -> f.name().equals("authorization")).count() == 1;
  }

  /** Whether Discord answers it for nobody without credentials, which is not true of all paths. */
  private static boolean needsCredentials(ProxyRequest request) {
    List<String> segments = PathSegments.of(request.path());
    return AnswerRoute.of(segments).isPresent()
        || segments.equals(List.of("gateway", "bot"))
        || (segments.size() > 1
            && segments.getFirst().equals("channels")
            && Snowflake.isDigits(segments.get(1)));
  }
}
