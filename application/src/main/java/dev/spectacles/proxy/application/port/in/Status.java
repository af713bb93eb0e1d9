package dev.spectacles.proxy.application.port.in;

import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.ratelimit.InvalidLimit;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an instance does and how it is, at one moment. Callers are told apart by {@link
 * dev.spectacles.proxy.domain.ratelimit.TokenId}, routes by their templates; no token is in it.
 *
 * @param gateway what is kept of what the gateway tells; empty if nothing is
 */
public record Status(
    Instance instance,
    Condition condition,
    Traffic traffic,
    Limits limits,
    Held held,
    Address address,
    Cache cache,
    BrokerLink broker,
    LimitStore store,
    Optional<Gateway> gateway) {

  /**
   * Which process it is.
   *
   * @param name unique to it
   * @param at wall-clock time of the look
   */
  public record Instance(String name, String version, Duration uptime, Instant at) {}

  /**
   * How it is, in one word and the sentences that explain it.
   *
   * @param reasons for people; none where the word says it all
   */
  public record Condition(Word word, List<String> reasons) {
    public Condition {
      reasons = List.copyOf(reasons);
    }

    /** From good to bad. */
    public enum Word {
      /** Nothing comes, and nothing is held. */
      IDLE,
      /** Requests come and are answered. */
      SERVING,
      /** More comes than the limits let through, or than may be held. */
      SATURATED,
      /** It serves, with something amiss that somebody should look at. */
      DEGRADED,
      /** It does not serve, or sends nothing. */
      DOWN
    }
  }

  /** Who answered, and what. */
  public enum AnswerClass {
    /** HTTP 1xx or 2xx. */
    SUCCESS,
    /** HTTP 3xx. */
    REDIRECTION,
    /** HTTP 4xx of Discord. */
    CLIENT_ERROR,
    /** HTTP 5xx of Discord. */
    SERVER_ERROR,
    /** An HTTP error that the proxy made itself. */
    REFUSED,
    /** A status of the proxy other than success. */
    FAILED
  }

  /**
   * Requests, and how long they take.
   *
   * @param perSecond requests that came in each whole second, the oldest first
   * @param rate requests per second, over the last ten
   * @param answers of the last minute
   * @param waiting for their turn, in the last minute; empty if none got one
   * @param whole from taking them to their answers, in the last minute; empty if none was answered
   * @param retried sent to Discord again, in the last five minutes
   */
  public record Traffic(
      List<Long> perSecond,
      double rate,
      Map<AnswerClass, Long> answers,
      Optional<Percentiles> waiting,
      Optional<Percentiles> whole,
      long retried) {
    public Traffic {
      perSecond = List.copyOf(perSecond);
      answers = Map.copyOf(answers);
    }
  }

  /**
   * Of so many durations; each is off by a sixteenth at most.
   *
   * @param median half of them were shorter
   * @param p99 99 in 100 were shorter
   */
  public record Percentiles(long count, Duration median, Duration p99) {}

  /**
   * Rate limits.
   *
   * @param waiting requests that wait for their turn now
   * @param buckets those that most requests wait for; empty if the store does not answer
   * @param limited 429s of Discord, in the last five minutes
   */
  public record Limits(
      int waiting,
      Optional<List<PeekLimits.Waiting>> buckets,
      Map<TooManyRequests.Scope, Long> limited) {
    public Limits {
      buckets = buckets.map(List::copyOf);
      limited = Map.copyOf(limited);
    }
  }

  /**
   * What is held: waiting, in flight or being answered.
   *
   * @param mostRequests more are not taken
   * @param mostBytes more are not taken
   */
  public record Held(int requests, int mostRequests, long bytes, long mostBytes) {}

  /**
   * How Discord sees the address it is reached from.
   *
   * @param invalid requests of the last ten minutes that count as invalid, of all instances
   * @param banned whether Cloudflare's ban is on
   * @param closedFor how long nothing can be sent in any case
   */
  public record Address(
      long invalid,
      InvalidLimit limit,
      InvalidLimit.Level level,
      boolean banned,
      Duration closedFor) {}

  /**
   * Where GETs were answered from.
   *
   * @param store that keeps answers; empty if none does
   * @param answers of the last five minutes
   */
  public record Cache(Optional<String> store, Map<CacheSource, Long> answers) {
    public Cache {
      answers = Map.copyOf(answers);
    }
  }

  /**
   * Where requests come from.
   *
   * @param type kind of broker
   * @param absence why nothing can come or be answered; empty while it can
   * @param backlog requests that nobody has taken yet; empty if that is not known
   * @param redelivered taken over from instances that went away, in the last five minutes
   * @param lostReplies answers that nobody received, in the last five minutes
   */
  public record BrokerLink(
      String type,
      Optional<String> absence,
      OptionalLong backlog,
      long redelivered,
      long lostReplies) {}

  /**
   * Where rate limits are counted.
   *
   * @param type kind of store
   * @param away how long it has not answered, if it does not
   * @param instances that share it, this one included
   */
  public record LimitStore(String type, Sharing sharing, Optional<Duration> away, int instances) {
    /** Who counts together with this instance. */
    public enum Sharing {
      /** Nobody, as is configured. */
      ALONE,
      /** All instances of the store. */
      SHARED,
      /** Nobody, as the store is away: this instance goes on with its part of each limit. */
      DEGRADED,
      /** Nobody, as the store is away: requests are answered with an error. */
      UNREACHABLE
    }
  }

  /**
   * What is kept of what the gateway tells.
   *
   * @param lag how far behind it is; empty if nothing was told yet
   * @param lagging whether that is too far to answer from it
   * @param guilds kept; empty if the store does not tell
   * @param events kept by this instance in the last minute
   * @param dropped not kept by this instance, in the last five minutes
   */
  public record Gateway(
      String store,
      Optional<Duration> lag,
      boolean lagging,
      OptionalLong guilds,
      long events,
      long dropped) {}
}
