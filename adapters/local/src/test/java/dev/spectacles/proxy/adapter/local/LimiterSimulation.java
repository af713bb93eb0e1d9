package dev.spectacles.proxy.adapter.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.Requests;
import dev.spectacles.proxy.application.service.Place;
import dev.spectacles.proxy.application.service.TokenQueue;
import dev.spectacles.proxy.application.service.Waiter;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.GlobalLimits;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.Priority;
import dev.spectacles.proxy.domain.ratelimit.RateLimitHeaders;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
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
import java.util.function.Supplier;

/**
 * The limiter against the model of Discord, in virtual time: events in the order of their time,
 * every delay drawn from a seed, the invariants checked after each of them.
 */
final class LimiterSimulation {
  private static final long LATE_NANOS = 8_000_000;
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
  record Chaos(int neverAnswered, int notSent, Duration longestStall, long allowed429s) {
    static final Chaos NONE = new Chaos(0, 0);

    Chaos(int neverAnswered, int notSent) {
      this(neverAnswered, notSent, Duration.ZERO, 0);
    }

    /** The whole process stands still for up to so long, every second or so. */
    static Chaos stalls(Duration longest) {
      return new Chaos(0, 0, longest, 0);
    }

    /** Discord changes its limits, which nobody can know before a 429. */
    static Chaos allowing(long limited) {
      return new Chaos(0, 0, Duration.ZERO, limited);
    }
  }

  /** Requests of one kind: what they are and by when they have to be sent. */
  record Kind(String method, Supplier<String> path, String body, Supplier<Duration> patience) {
    static final Duration ENDLESS = Duration.ofDays(1);

    static Kind of(String method, String path) {
      return new Kind(method, () -> path, "", () -> ENDLESS);
    }

    Kind withBody(String newBody) {
      return new Kind(method, path, newBody, patience);
    }

    Kind withPatience(Supplier<Duration> newPatience) {
      return new Kind(method, path, body, newPatience);
    }
  }

  private final long seed;
  private final SplittableRandom random;
  private final Chaos chaos;
  private final ManualClock clock = new ManualClock();
  private final long start = clock.nanoTime();
  private final LocalRateLimitStore store = new LocalRateLimitStore(clock, GlobalLimits.ofAll(50));
  private final TokenQueue queue = new TokenQueue(100_000, true);
  private final SimulatedDiscord discord;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Map<Route, Long> lastSent = new HashMap<>();

  /** How much later than granted requests under way were sent. */
  private final Map<Lease, Duration> late = new HashMap<>();

  private final Map<Route, Integer> sending = new HashMap<>();
  private final Map<Long, Long> grantedAt = new HashMap<>();
  private long order;
  private long places;
  private long claims;
  private long limited;
  private long through;
  private long longestWait;
  private long refused;
  private long stalledUntil = Long.MIN_VALUE;
  private final Map<String, Long> longestWaits = new HashMap<>();
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
    if (chaos.longestStall().isPositive()) {
      in(500_000, this::stall);
    }
  }

  private void stall() {
    long length = random.nextLong(chaos.longestStall().toNanos());
    stalledUntil = clock.nanoTime() + length;
    in(length / 1_000 + 1, () -> {});
    in(random.nextLong(200_000, 1_800_000) + length / 1_000, this::stall);
  }

  /** Keeps so many requests of this kind in line until the end. */
  void saturate(String method, String path, int inLine) {
    saturate(Kind.of(method, path), inLine);
  }

  /** Keeps so many requests of this kind in line until the end. */
  void saturate(Kind kind, int inLine) {
    for (int i = 0; i < inLine; i++) {
      in(random.nextLong(1_000), () -> arrive(kind, true));
    }
  }

  /** Lets single requests of this kind arrive at random, so many per second on average. */
  void trickle(String method, String path, double perSecond, Duration until) {
    double at = 0;
    while (at < until.toMillis() / 1e3) {
      at += -Math.log(1 - random.nextDouble()) / perSecond;
      in((long) (at * 1e6), () -> arrive(Kind.of(method, path), false));
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

  long limited() {
    return limited;
  }

  long refused() {
    return refused;
  }

  Duration longestWait() {
    return Duration.ofNanos(longestWait);
  }

  /** Longest wait of the requests with this path. */
  Duration longestWait(String path) {
    return Duration.ofNanos(longestWaits.getOrDefault(path, 0L));
  }

  /** Seed for failure messages. */
  String describe() {
    return "seed " + seed;
  }

  private void arrive(Kind kind, boolean again) {
    String path = kind.path().get();
    var request = request(kind.method(), path, kind.body());
    Route route = RouteResolver.resolve(request, clock.wallTime());
    Duration patience = kind.patience().get();
    Deadline deadline =
        patience.equals(Kind.ENDLESS)
            ? Deadline.none()
            : Deadline.after(patience, clock.nanoTime());
    var waiter = new Simulated(++places, route, deadline, kind, path, again, clock.nanoTime());
    queue.add(waiter, clock.nanoTime());
    if (deadline.nanos().isPresent()) {
      in(patience.toNanos() / 1_000, () -> giveUp(waiter));
    }
  }

  private void giveUp(Simulated waiter) {
    if (queue.remove(waiter, clock.nanoTime())) {
      ended(waiter);
      refused++;
    }
    assertThat(waiter.isOver).as("%s: settled by its deadline", describe()).isTrue();
  }

  private final class Simulated extends Waiter {
    private final Route simulatedRoute;
    private final long simulatedPlace;
    private final Deadline until;
    private final Kind kind;
    private final String path;
    private final boolean again;
    private final long arrivedAt;
    private boolean isOver;
    private boolean isRetry;

    Simulated(
        long place,
        Route route,
        Deadline until,
        Kind kind,
        String path,
        boolean again,
        long arrivedAt) {
      super(new Place(Priority.NORMAL, place, arrivedAt), route, until);
      this.simulatedPlace = place;
      this.simulatedRoute = route;
      this.until = until;
      this.kind = kind;
      this.path = path;
      this.again = again;
      this.arrivedAt = arrivedAt;
    }

    @Override
    protected void granted(Lease lease) {
      isOver = true;
      long waited = clock.nanoTime() - arrivedAt;
      longestWait = Math.max(longestWait, waited);
      longestWaits.merge(path, waited, Math::max);
      grantedAt.put(lease.id(), clock.nanoTime());
      in(chaos.longestStall().isPositive() ? 500 : 0, () -> sendWhenRunning(this, lease));
    }

    @Override
    protected void refused(Refusal refusal, Duration wait) {
      assertThat(until.nanos()).as("%s: refused %s %s", describe(), refusal, wait).isPresent();
      assertThat(until.allows(wait, clock.nanoTime()))
          .as("%s: refused although it could be served in %s", describe(), wait)
          .isFalse();
      refused++;
      isOver = true;
      in(1_000, () -> ended(this));
    }
  }

  private void sendWhenRunning(Simulated waiter, Lease lease) {
    if (clock.nanoTime() < stalledUntil) {
      in((stalledUntil - clock.nanoTime()) / 1_000 + 1, () -> sendWhenRunning(waiter, lease));
      return;
    }
    long age = clock.nanoTime() - grantedAt.get(lease.id());
    if (age > LATE_NANOS) {
      late.put(lease, Duration.ofNanos(age));
    }
    send(waiter, lease);
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
                  SimRequest.of(waiter.kind.method(), "/api/v10" + waiter.path)
                      .authorization(AUTHORIZATION)
                      .json(waiter.kind.body()),
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
    if (waiter.isRetry) {
      return;
    }
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
    store.release(lease, outcome, Optional.ofNullable(late.remove(lease)).orElse(Duration.ZERO));
    assertThat(limited)
        .as("%s: 429s after %s", describe(), elapsed())
        .isLessThanOrEqualTo(chaos.allowed429s());
    if (outcome instanceof Outcome.Answered answered && answered.limited().isPresent()) {
      sendAgain(waiter);
      return;
    }
    through++;
    ended(waiter);
  }

  /** At the place it had, as it is done in earnest. */
  private void sendAgain(Simulated before) {
    var waiter =
        new Simulated(
            before.simulatedPlace,
            before.simulatedRoute,
            before.until,
            before.kind,
            before.path,
            before.again,
            before.arrivedAt);
    waiter.isRetry = true;
    queue.add(waiter, clock.nanoTime());
    before
        .until
        .remaining(clock.nanoTime())
        .ifPresent(left -> in(left.toNanos() / 1_000, () -> giveUp(waiter)));
  }

  private void ended(Simulated waiter) {
    waiter.isOver = true;
    var place = new Place(Priority.NORMAL, waiter.simulatedPlace, waiter.arrivedAt);
    queue.through(waiter.simulatedRoute, place, clock.nanoTime());
    if (waiter.again) {
      in(0, () -> arrive(waiter.kind, true));
    }
  }

  static Outcome outcome(SimAnswer answer) {
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
    if (clock.nanoTime() < stalledUntil) {
      return;
    }
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

  Duration elapsed() {
    return Duration.ofNanos(clock.nanoTime() - start);
  }

  private static ProxyRequest request(String method, String path, String body) {
    return Requests.request(method, path, Map.of("authorization", AUTHORIZATION), body);
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
