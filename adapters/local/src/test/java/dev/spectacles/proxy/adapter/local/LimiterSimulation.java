package dev.spectacles.proxy.adapter.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.service.TokenQueue;
import dev.spectacles.proxy.application.service.Waiter;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.RateLimitHeaders;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests;
import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.HttpMethod;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteResolver;
import dev.spectacles.proxy.simulator.model.SimAnswer;
import dev.spectacles.proxy.simulator.model.SimRequest;
import dev.spectacles.proxy.simulator.model.SimulatedDiscord;
import dev.spectacles.proxy.simulator.oracle.BucketReport;
import dev.spectacles.proxy.simulator.oracle.Report;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * The limiter against the model of Discord, in virtual time: events in the order of their time,
 * every delay drawn from a seed, the invariants checked after each of them.
 */
final class LimiterSimulation {
  private static final String AUTHORIZATION = "Bot simulated";
  private static final TokenId TOKEN =
      TokenId.of(Headers.of(Map.of("authorization", AUTHORIZATION)));

  private record Event(long at, long order, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }

  /** What can happen to a request on its way, per cent. */
  record Chaos(int neverAnswered, int notSent) {
    static final Chaos NONE = new Chaos(0, 0);
  }

  private final long seed;
  private final SplittableRandom random;
  private final Chaos chaos;
  private final ManualClock clock = new ManualClock();
  private final long start = clock.nanoTime();
  private final LocalRateLimitStore store = new LocalRateLimitStore(clock, 50);
  private final TokenQueue queue = new TokenQueue(100_000, true);
  private final SimulatedDiscord discord;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Map<Route, Long> lastSent = new HashMap<>();
  private final Map<Route, Integer> sending = new HashMap<>();
  private final Map<Long, Long> grantedAt = new HashMap<>();
  private long order;
  private long places;
  private long claims;
  private long limited;
  private long through;
  private long longestWait;
  private long nextPump = Long.MAX_VALUE;

  LimiterSimulation(Scenario scenario, long seed, Chaos chaos) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.chaos = chaos;
    this.discord = SimulatedDiscord.of(scenario);
    store.listen(
        (token, bucket, delay) -> {
          queue.available(bucket, delay, clock.nanoTime());
        });
  }

  /** Keeps so many requests of this kind in line until the end. */
  void saturate(String method, String path, int inLine) {
    for (int i = 0; i < inLine; i++) {
      in(random.nextLong(1_000), () -> arrive(method, path, true));
    }
  }

  /** Lets single requests of this kind arrive at random, so many per second on average. */
  void trickle(String method, String path, double perSecond, Duration until) {
    double at = 0;
    while (at < until.toMillis() / 1e3) {
      at += -Math.log(1 - random.nextDouble()) / perSecond;
      in((long) (at * 1e6), () -> arrive(method, path, false));
    }
  }

  Report run(Duration length) {
    long end = start + length.toNanos();
    while (!events.isEmpty() && events.peek().at() <= end) {
      Event event = events.poll();
      clock.advanceTo(event.at());
      event.action().run();
      pump();
    }
    return discord.report();
  }

  long claims() {
    return claims;
  }

  long through() {
    return through;
  }

  Duration longestWait() {
    return Duration.ofNanos(longestWait);
  }

  /** Seed for failure messages. */
  String describe() {
    return "seed " + seed;
  }

  private void arrive(String method, String path, boolean again) {
    var request = request(method, path);
    Route route = RouteResolver.resolve(request, clock.wallTime());
    queue.add(
        new Simulated(++places, route, method, path, again, clock.nanoTime()), clock.nanoTime());
  }

  private final class Simulated extends Waiter {
    private final Route simulatedRoute;
    private final long simulatedPlace;
    private final String method;
    private final String path;
    private final boolean again;
    private final long arrivedAt;

    Simulated(long place, Route route, String method, String path, boolean again, long arrivedAt) {
      super(place, route, Deadline.none());
      this.simulatedPlace = place;
      this.simulatedRoute = route;
      this.method = method;
      this.path = path;
      this.again = again;
      this.arrivedAt = arrivedAt;
    }

    @Override
    protected void granted(Lease lease) {
      longestWait = Math.max(longestWait, clock.nanoTime() - arrivedAt);
      grantedAt.put(lease.id(), clock.nanoTime());
      in(0, () -> send(this, lease));
    }

    @Override
    protected void refused(Refusal refusal, Duration wait) {
      throw new AssertionError(describe() + ": refused " + refusal + " " + wait);
    }
  }

  private void send(Simulated waiter, Lease lease) {
    checkOrder(waiter);
    sending.merge(waiter.simulatedRoute, 1, Integer::sum);
    if (random.nextInt(100) < chaos.notSent()) {
      in(random.nextLong(2_000), () -> finish(waiter, lease, new Outcome.NotSent()));
      return;
    }
    long forward = random.nextLong(8_000, 25_000);
    long rest = random.nextLong(5_000, 60_000) + random.nextLong(8_000, 25_000);
    in(
        forward,
        () -> {
          SimAnswer answer =
              discord.arrive(
                  SimRequest.of(waiter.method, "/api/v10" + waiter.path)
                      .authorization(AUTHORIZATION),
                  micros());
          if (answer.status() == 429) {
            limited++;
          }
          if (random.nextInt(100) < chaos.neverAnswered()) {
            in(15_000_000, () -> finish(waiter, lease, new Outcome.Unknown()));
          } else {
            in(
                rest,
                () -> {
                  discord.answered(answer);
                  finish(waiter, lease, outcome(answer));
                });
          }
        });
  }

  private void checkOrder(Simulated waiter) {
    Long before = lastSent.put(waiter.simulatedRoute, waiter.simulatedPlace);
    assertThat(waiter.simulatedPlace)
        .as("%s: place of a request of %s", describe(), waiter.simulatedRoute)
        .isGreaterThan(before == null ? 0 : before);
    if (waiter.simulatedRoute.kind() == Route.Kind.CREATE_MESSAGE) {
      assertThat(sending.getOrDefault(waiter.simulatedRoute, 0))
          .as("%s: messages to one channel that are sent at once", describe())
          .isZero();
    }
  }

  private void finish(Simulated waiter, Lease lease, Outcome outcome) {
    sending.merge(waiter.simulatedRoute, -1, Integer::sum);
    store.release(lease, outcome);
    queue.through(waiter.simulatedRoute, waiter.simulatedPlace, clock.nanoTime());
    through++;
    assertThat(limited).as("%s: 429s after %s", describe(), elapsed()).isZero();
    if (waiter.again) {
      arrive(waiter.method, waiter.path, true);
    }
  }

  private static Outcome outcome(SimAnswer answer) {
    var headers =
        new Headers(
            answer.headers().stream()
                .map(h -> new Header(h.name().toLowerCase(Locale.ROOT), h.value()))
                .toList());
    Optional<TooManyRequests> tooMany =
        answer.status() == 429
            ? Optional.of(TooManyRequests.parse(headers, Body.of(answer.body())))
            : Optional.empty();
    return new Outcome.Answered(answer.status(), RateLimitHeaders.parse(headers), tooMany);
  }

  private void pump() {
    while (true) {
      List<Claim> due = queue.due(clock.nanoTime());
      if (due.isEmpty()) {
        break;
      }
      claims++;
      List<Lease> unwanted = queue.apply(store.claim(TOKEN, due), clock.nanoTime());
      unwanted.forEach(lease -> store.release(lease, new Outcome.NotSent()));
    }
    queue
        .nextDue(clock.nanoTime())
        .ifPresent(
            next -> {
              assertThat(next).as("%s: progress", describe()).isGreaterThan(clock.nanoTime());
              if (next < nextPump) {
                nextPump = next;
                events.add(new Event(next, order++, () -> nextPump = Long.MAX_VALUE));
              }
            });
  }

  private void in(long micros, Runnable action) {
    events.add(new Event(clock.nanoTime() + micros * 1_000, order++, action));
  }

  private long micros() {
    return (clock.nanoTime() - start) / 1_000;
  }

  private Duration elapsed() {
    return Duration.ofNanos(clock.nanoTime() - start);
  }

  static ProxyRequest request(String method, String path) {
    try {
      return new ProxyRequest(
          new HttpMethod(method),
          ApiPath.parse(path),
          List.of(),
          Headers.of(Map.of("authorization", AUTHORIZATION)),
          Body.empty(),
          Optional.empty());
    } catch (InvalidRequestException e) {
      throw new AssertionError(e);
    }
  }

  /** Buckets that were used too little, for failure messages. */
  static List<String> below(Report report, double share) {
    var below = new ArrayList<String>();
    for (BucketReport bucket : report.buckets()) {
      if (bucket.utilisation() < share) {
        below.add("%s %s %.3f".formatted(bucket.key(), bucket.rate(), bucket.utilisation()));
      }
    }
    return below;
  }
}
