package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.scenario.BucketSpec;
import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.RouteBucket;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Counts requests by bucket hash, major parameter and token or address. */
final class BucketLimits {
  private static final long YOUNG_MILLIS = 10_000;
  private static final long OLD_MILLIS = Duration.ofDays(14).toMillis();

  private final Map<String, Rate> rates = new HashMap<>();
  private final Optional<Rate> defaultRate;
  private final ModelClock clock;
  private final Counters counters;

  /** A bucket a request counts in. */
  record Bucket(String hash, String key, RateCounter counter) {}

  BucketLimits(Scenario scenario, ModelClock clock) {
    scenario.buckets().forEach(bucket -> rates.put(bucket.hash(), bucket.rate()));
    defaultRate = scenario.defaultRate();
    this.clock = clock;
    counters = new Counters(clock.epochOffset());
  }

  /** The request's bucket; empty on a route without limit headers. */
  Optional<Bucket> find(Route route, String subject, boolean missing, long nowMicros) {
    return switch (route.bucket()) {
      case RouteBucket.None() -> Optional.empty();
      case RouteBucket.Hash(var hash, var counter) ->
          Optional.of(bucket(hash, counter, route.major(), subject, nowMicros));
      case RouteBucket.ByMessageAge(var young, var middle, var old) -> {
        var age = messageAgeMillis(route, nowMicros);
        var hash = missing || age < YOUNG_MILLIS ? young : age > OLD_MILLIS ? old : middle;
        yield Optional.of(bucket(hash, hash, route.major(), subject, nowMicros));
      }
    };
  }

  /** Whether the message in the path is in the class of old ones. */
  boolean oldMessage(Route route, long nowMicros) {
    return messageAgeMillis(route, nowMicros) > OLD_MILLIS;
  }

  void set(BucketSpec bucket, long nowMicros) {
    rates.put(bucket.hash(), bucket.rate());
    counters.change(bucket.hash() + ":", bucket.rate(), nowMicros);
  }

  Rate rate(String hash) {
    var rate = Optional.ofNullable(rates.get(hash));
    return rate.or(() -> hash.startsWith(RouteTable.DEFAULT_HASH_PREFIX) ? defaultRate : rate)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "bucket: %s (expected: one of %s)".formatted(hash, rates.keySet())));
  }

  private Bucket bucket(String hash, String counter, String major, String subject, long nowMicros) {
    var name = counter.equals(hash) ? hash : hash + "/" + counter;
    var key = name + ":" + major + ":" + subject;
    return new Bucket(hash, key, counters.get(key, rate(hash), nowMicros));
  }

  /** Age by the true clock; ids too short to carry a time count as an hour old. */
  private long messageAgeMillis(Route route, long nowMicros) {
    var made = Snowflake.epochMillis(route.parameter("message_id"));
    return made.isPresent()
        ? clock.trueEpochMillis(nowMicros) - made.getAsLong()
        : Duration.ofHours(1).toMillis();
  }
}
