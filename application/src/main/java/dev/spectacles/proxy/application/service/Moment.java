package dev.spectacles.proxy.application.service;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.application.port.in.Status.AnswerClass;
import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What happened in one stretch of time. Thread-safe. */
final class Moment {
  /** What is counted, and nothing else about it. */
  enum Event {
    RETRIED,
    REPLY_LOST,
    REDELIVERED,
    GATEWAY_EVENT_KEPT,
    GATEWAY_EVENT_DROPPED
  }

  private final Map<AnswerClass, LongAdder> answers = adders(AnswerClass.class);
  private final Map<TooManyRequests.Scope, LongAdder> limited = adders(TooManyRequests.Scope.class);
  private final Map<CacheSource, LongAdder> sources = adders(CacheSource.class);
  private final Map<Event, LongAdder> events = adders(Event.class);
  private final DurationHistogram waits = new DurationHistogram();
  private final DurationHistogram wholes = new DurationHistogram();

  LongAdder of(AnswerClass answer) {
    return found(answers, answer);
  }

  LongAdder of(TooManyRequests.Scope scope) {
    return found(limited, scope);
  }

  LongAdder of(CacheSource source) {
    return found(sources, source);
  }

  LongAdder of(Event event) {
    return found(events, event);
  }

  /** How long requests waited for their turn. */
  DurationHistogram waits() {
    return waits;
  }

  /** How long requests took. */
  DurationHistogram wholes() {
    return wholes;
  }

  private static <K extends Enum<K>> Map<K, LongAdder> adders(Class<K> type) {
    var adders = new EnumMap<K, LongAdder>(type);
    for (K key : requireNonNull(type.getEnumConstants(), "an enum has constants")) {
      adders.put(key, new LongAdder());
    }
    return adders;
  }

  private static <K> LongAdder found(Map<K, LongAdder> adders, K key) {
    return requireNonNull(adders.get(key), "every constant has an adder");
  }
}
