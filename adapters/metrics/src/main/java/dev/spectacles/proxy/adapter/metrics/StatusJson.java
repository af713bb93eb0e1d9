package dev.spectacles.proxy.adapter.metrics;

import dev.spectacles.proxy.application.port.in.PeekLimits;
import dev.spectacles.proxy.application.port.in.Status;
import dev.spectacles.proxy.application.port.in.Status.AnswerClass;
import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.ratelimit.BucketStatus;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Status as JSON, with durations in milliseconds unless their names say otherwise. */
final class StatusJson {
  private static final int CALLER_DIGITS = 8;

  private StatusJson() {}

  static String of(Status status) {
    return JsonText.of(
        object(
            "instance", instance(status.instance()),
            "condition", lower(status.condition().word()),
            "reasons", status.condition().reasons(),
            "traffic", traffic(status.traffic()),
            "limits", limits(status.limits()),
            "held", held(status.held()),
            "invalid", invalid(status.address()),
            "cache", cache(status.cache()),
            "broker", broker(status.broker()),
            "store", store(status.store()),
            "gateway", status.gateway().map(StatusJson::gateway)));
  }

  private static Map<String, Object> instance(Status.Instance instance) {
    return object(
        "name", instance.name(),
        "version", instance.version(),
        "uptime_s", instance.uptime().toSeconds(),
        "time", instance.at().toString());
  }

  private static Map<String, Object> traffic(Status.Traffic traffic) {
    return object(
        "per_second", traffic.perSecond(),
        "rate", traffic.rate(),
        "answers", counts(AnswerClass.values(), traffic.answers(), StatusJson::name),
        "wait", traffic.waiting().map(StatusJson::percentiles),
        "whole", traffic.whole().map(StatusJson::percentiles),
        "retried", traffic.retried());
  }

  private static Map<String, Object> percentiles(Status.Percentiles percentiles) {
    return object(
        "count", percentiles.count(),
        "p50_ms", millis(percentiles.median()),
        "p99_ms", millis(percentiles.p99()));
  }

  private static Map<String, Object> limits(Status.Limits limits) {
    return object(
        "waiting", limits.waiting(),
        "buckets", limits.buckets().map(all -> all.stream().map(StatusJson::bucket).toList()),
        "limited", counts(TooManyRequests.Scope.values(), limits.limited(), StatusJson::lower));
  }

  private static Map<String, Object> bucket(PeekLimits.Waiting waiting) {
    BucketStatus bucket = waiting.bucket();
    return object(
        "route", waiting.route().value(),
        "resource", bucket.bucket().major().value(),
        "caller", caller(waiting.caller()),
        "model", lower(bucket.model()),
        "level", bucket.level(),
        "limit", bucket.limit(),
        "in_flight", bucket.inFlight(),
        "waiting", waiting.requests(),
        "oldest_ms", millis(waiting.oldest()),
        "next_ms", bucket.nextGrant().map(StatusJson::millis));
  }

  /** Enough to tell callers apart. */
  private static String caller(TokenId caller) {
    return caller.equals(TokenId.ANONYMOUS)
        ? caller.value()
        : caller.value().substring(0, Math.min(CALLER_DIGITS, caller.value().length()));
  }

  private static Map<String, Object> held(Status.Held held) {
    return object(
        "requests", held.requests(),
        "most_requests", held.mostRequests(),
        "bytes", held.bytes(),
        "most_bytes", held.mostBytes());
  }

  private static Map<String, Object> invalid(Status.Address address) {
    return object(
        "count", address.invalid(),
        "limit", address.limit().limit(),
        "warn", address.limit().warn(),
        "hold_back", address.limit().holdBack(),
        "refuse", address.limit().refuse(),
        "level", lower(address.level()),
        "banned", address.banned(),
        "closed_ms", millis(address.closedFor()));
  }

  private static Map<String, Object> cache(Status.Cache cache) {
    return object(
        "store", cache.store(),
        "answers", counts(CacheSource.values(), cache.answers(), StatusJson::lower));
  }

  private static Map<String, Object> broker(Status.BrokerLink broker) {
    return object(
        "type", broker.type(),
        "absence", broker.absence(),
        "backlog", boxed(broker.backlog()),
        "redelivered", broker.redelivered(),
        "lost_replies", broker.lostReplies());
  }

  private static Map<String, Object> store(Status.LimitStore store) {
    return object(
        "type", store.type(),
        "sharing", lower(store.sharing()),
        "away_ms", store.away().map(StatusJson::millis),
        "instances", store.instances());
  }

  private static Map<String, Object> gateway(Status.Gateway gateway) {
    return object(
        "store", gateway.store(),
        "lag_ms", gateway.lag().map(StatusJson::millis),
        "lagging", gateway.lagging(),
        "guilds", boxed(gateway.guilds()),
        "events", gateway.events(),
        "dropped", gateway.dropped());
  }

  private static <K> Map<String, Long> counts(
      K[] keys, Map<K, Long> counts, Function<K, String> name) {
    var named = new LinkedHashMap<String, Long>();
    for (K key : List.of(keys)) {
      named.put(name.apply(key), counts.getOrDefault(key, 0L));
    }
    return named;
  }

  private static String name(AnswerClass answer) {
    return switch (answer) {
      case SUCCESS -> "2xx";
      case REDIRECTION -> "3xx";
      case CLIENT_ERROR -> "4xx";
      case SERVER_ERROR -> "5xx";
      case REFUSED -> "refused";
      case FAILED -> "failed";
    };
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** In thousandths, as far as they matter. */
  private static double millis(Duration duration) {
    return Math.round(duration.toNanos() / 1e3) / 1e3;
  }

  private static Optional<Long> boxed(OptionalLong number) {
    return number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty();
  }

  private static Map<String, Object> object(Object... namesAndValues) {
    var object = new LinkedHashMap<String, Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return object;
  }
}
