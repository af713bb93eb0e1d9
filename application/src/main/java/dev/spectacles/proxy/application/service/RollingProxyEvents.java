package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.in.Status;
import dev.spectacles.proxy.application.port.in.Status.AnswerClass;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.service.Moment.Event;
import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import java.util.stream.LongStream;

/**
 * What happened in the last minutes, in figures alone: no route, id or caller is kept. Thread-safe,
 * without locks.
 *
 * <p>Takes about 200 KiB whatever happens.
 */
public final class RollingProxyEvents implements ProxyEvents {
  /** Whole seconds that the series of requests goes back. */
  static final int SECONDS = 180;

  private static final int RATE_SECONDS = 10;
  private static final Duration MOMENT = Duration.ofSeconds(5);
  private static final int MINUTE = 12;
  private static final int FIVE_MINUTES = 60;

  private static final String SOURCE = "x-spectacles-source";
  private static final int FIRST_ERROR = 400;

  private final Clock clock;
  private final Ring<LongAdder> received =
      new Ring<>(SECONDS + 1, Duration.ofSeconds(1), LongAdder::new);
  private final Ring<Moment> moments = new Ring<>(FIVE_MINUTES + 1, MOMENT, Moment::new);
  private final LongAdder waiting = new LongAdder();

  /** Nothing has happened yet. */
  public RollingProxyEvents(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void requestReceived() {
    received.at(clock.nanoTime()).increment();
  }

  @Override
  public void requestFinished(Route route, ProxyResponse response, Duration elapsed) {
    Moment now = now();
    now.of(classOf(response)).increment();
    now.wholes().add(elapsed);
  }

  @Override
  public void answeredFrom(Route route, CacheSource source) {
    now().of(source).increment();
  }

  @Override
  public void rateLimitWaiting(int change) {
    waiting.add(change);
  }

  @Override
  public void rateLimitWaited(Route route, Duration waited) {
    now().waits().add(waited);
  }

  @Override
  public void rateLimited(Route route, TooManyRequests.Scope scope) {
    now().of(scope).increment();
  }

  @Override
  public void retried(Route route) {
    now().of(Event.RETRIED).increment();
  }

  @Override
  public void replyLost() {
    now().of(Event.REPLY_LOST).increment();
  }

  @Override
  public void redelivered() {
    now().of(Event.REDELIVERED).increment();
  }

  @Override
  public void eventsIngested(int count) {
    now().of(Event.GATEWAY_EVENT_KEPT).add(count);
  }

  @Override
  public void eventDropped() {
    now().of(Event.GATEWAY_EVENT_DROPPED).increment();
  }

  /** Requests, and how long they took. */
  Status.Traffic traffic() {
    long now = clock.nanoTime();
    List<Long> perSecond =
        received.before(now, SECONDS).stream()
            .map(count -> count.map(LongAdder::sum).orElse(0L))
            .toList();
    double lately =
        perSecond.subList(SECONDS - RATE_SECONDS, SECONDS).stream()
            .mapToLong(Long::longValue)
            .sum();
    List<Moment> minute = lastMinute();
    return new Status.Traffic(
        perSecond,
        lately / RATE_SECONDS,
        sums(minute, AnswerClass.class, Moment::of),
        DurationHistogram.percentiles(minute.stream().map(Moment::waits).toList()),
        DurationHistogram.percentiles(minute.stream().map(Moment::wholes).toList()),
        lately(Event.RETRIED));
  }

  /** Requests that wait for their turn now. */
  int waiting() {
    return Math.max(0, waiting.intValue());
  }

  /** 429s of the last five minutes. */
  Map<TooManyRequests.Scope, Long> limited() {
    return sums(lastMinutes(), TooManyRequests.Scope.class, Moment::of);
  }

  /** Where GETs of the last five minutes were answered from. */
  Map<CacheSource, Long> sources() {
    return sums(lastMinutes(), CacheSource.class, Moment::of);
  }

  /** How often this happened in the last minute. */
  long lastMinute(Event event) {
    return sum(lastMinute(), event);
  }

  /** How often this happened in the last five minutes. */
  long lately(Event event) {
    return sum(lastMinutes(), event);
  }

  /** The moment that is not over yet, and those of a minute before it. */
  private List<Moment> lastMinute() {
    return present(moments.upTo(clock.nanoTime(), MINUTE));
  }

  private List<Moment> lastMinutes() {
    return present(moments.upTo(clock.nanoTime(), FIVE_MINUTES));
  }

  private Moment now() {
    return moments.at(clock.nanoTime());
  }

  private static long sum(List<Moment> moments, Event event) {
    return moments.stream().mapToLong(moment -> moment.of(event).sum()).sum();
  }

  private static <K extends Enum<K>> Map<K, Long> sums(
      List<Moment> moments, Class<K> type, BiFunction<Moment, K, LongAdder> adder) {
    var sums = new EnumMap<K, Long>(type);
    for (K key : EnumSet.allOf(type)) {
      LongStream counts = moments.stream().mapToLong(moment -> adder.apply(moment, key).sum());
      sums.put(key, counts.sum());
    }
    return sums;
  }

  private static List<Moment> present(List<Optional<Moment>> moments) {
    return moments.stream().flatMap(Optional::stream).toList();
  }

  private static AnswerClass classOf(ProxyResponse response) {
    return switch (response) {
      case ProxyResponse.Failure failure -> AnswerClass.FAILED;
      case ProxyResponse.Http http -> {
        boolean own = http.headers().first(SOURCE).filter("proxy"::equals).isPresent();
        if (own && http.code() >= FIRST_ERROR) {
          yield AnswerClass.REFUSED;
        }
        yield switch (http.code() / 100) {
          case 3 -> AnswerClass.REDIRECTION;
          case 4 -> AnswerClass.CLIENT_ERROR;
          case 5 -> AnswerClass.SERVER_ERROR;
          default -> AnswerClass.SUCCESS;
        };
      }
    };
  }
}
