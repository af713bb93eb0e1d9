package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.adapter.local.LocalRateLimitStore;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.BucketStatus;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.GlobalLimits;
import dev.spectacles.proxy.domain.ratelimit.Grant;
import dev.spectacles.proxy.domain.ratelimit.Grant.Hold;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Model;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.Priority;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.route.BlockKey;
import dev.spectacles.proxy.domain.route.MajorParameter;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/**
 * A random course of events, decided by Redis and, at the times that Redis used, in memory once
 * more: both have to answer the same.
 */
final class LimiterTrace {
  static final List<String> INSTANCES = List.of("trace-1", "trace-2", "trace-3");

  private static final List<Route> ROUTES = routes();
  private static final long TOLERANCE = 1_000;

  /** What the instances hear of, other than as the answer to their own turn. */
  interface Wakes {
    /** The next that came for this instance, if one comes. */
    Optional<TurnResult.Opening> next(String instance) throws InterruptedException;

    /** Says whether none is left. */
    boolean isOver() throws InterruptedException;
  }

  /** No answer comes later than this. */
  private static final long LATEST = 30_000_000;

  private record Held(
      Lease shared, Lease local, String instance, Outcome outcome, long grantedAt) {}

  private final long seed;
  private final SplittableRandom random;
  private final TracedStore store;
  private final Wakes wakes;
  private final TokenId token;
  private final Duration longestPause;
  private final TraceDiscord discord;
  private final ManualClock clock = new ManualClock();
  private final Map<String, LocalRateLimitStore> memory = new HashMap<>();
  private final Map<String, List<TurnResult.Opening>> told = new HashMap<>();
  private final List<Held> held = new ArrayList<>();
  private long nextLease;
  private int step;
  private OptionalInt learned = OptionalInt.empty();
  private Duration passed = Duration.ZERO;
  private int granted;

  LimiterTrace(
      long seed,
      TokenId token,
      int globalLimit,
      TracedStore store,
      Wakes wakes,
      Duration longestPause) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.store = store;
    this.wakes = wakes;
    this.token = token;
    this.longestPause = longestPause;
    this.discord = new TraceDiscord(random.split(), seed % 4 == 0);
    this.nextLease = 1 + random.nextLong(1L << 51);
    var first = new LocalRateLimitStore(clock, GlobalLimits.ofAll(globalLimit));
    for (String instance : INSTANCES) {
      LocalRateLimitStore local = first.sharedWith(instance);
      local.listen(
          (any, bucket, delay) ->
              told.computeIfAbsent(instance, name -> new ArrayList<>())
                  .add(new TurnResult.Opening(bucket, delay)));
      memory.put(instance, local);
    }
  }

  /** Number of requests granted in so many steps; fails at the first difference. */
  int run(int steps) throws Exception {
    for (step = 1; step <= steps; step++) {
      step();
    }
    require(wakes.isOver(), "more wakes than in memory");
    return granted;
  }

  private void step() throws Exception {
    int chance = random.nextInt(100);
    // Memory forgets a caller after two minutes, but Redis does not.
    if (chance < 65 || passed.compareTo(longestPause) > 0) {
      passed = Duration.ZERO;
      turn();
    } else if (chance < 75 && !held.isEmpty()) {
      Held one = anyHeld();
      var shared = store.restamp(one.instance(), one.shared());
      at(shared.micros());
      same("restamp", shared.value() == 1, local(one.instance()).restamp(one.local()));
    } else if (chance < 83 && !held.isEmpty()) {
      renew();
    } else if (chance < 84) {
      learned = OptionalInt.of(random.nextInt(1, 40));
      store.learnGlobalLimit(learned.getAsInt());
      turn();
    } else if (chance < 86) {
      discord.change();
    } else {
      Duration pause = pause();
      passed = passed.plus(pause);
      store.pass(pause);
    }
  }

  private Duration pause() {
    long most = longestPause.toNanos();
    return Duration.ofNanos(
        switch (random.nextInt(10)) {
          case 0 -> random.nextLong(most);
          case 1, 2 -> random.nextLong(Math.min(most, 3_000_000_000L));
          case 3, 4, 5, 6 -> random.nextLong(300_000_000);
          default -> random.nextLong(30_000_000);
        });
  }

  private void turn() throws Exception {
    String instance = INSTANCES.get(random.nextInt(INSTANCES.size()));
    List<TracedStore.Back> back = new ArrayList<>();
    List<Lease> backInMemory = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0 && !held.isEmpty(); i--) {
      Held one = anyHeld();
      back.add(new TracedStore.Back(one.shared(), one.outcome(), late(), age()));
      backInMemory.add(one.local());
      // A few are given back twice, as after an interrupted call, or expire for want of renewal.
      if (random.nextInt(20) > 0) {
        held.remove(one);
      }
    }
    var claims = new ArrayList<Claim>();
    for (int i = random.nextInt(back.isEmpty() ? 1 : 0, 5); i > 0; i--) {
      claims.add(claim());
    }
    TurnResult shared = store.turn(instance, back, claims, nextLease);
    at(shared.micros());
    for (int i = 0; i < back.size(); i++) {
      TracedStore.Back one = back.get(i);
      local(instance)
          .release(
              backInMemory.get(i),
              one.outcome(),
              one.lateness(),
              Duration.ofNanos(one.age() * 1_000));
    }
    List<Grant> grants = claims.isEmpty() ? List.of() : local(instance).claim(token, claims);
    compareGrants(shared.grants(), grants);
    compareOpenings(instance, shared.openings());
    for (int i = 0; i < grants.size(); i++) {
      hold(instance, shared.grants().get(i).leases(), grants.get(i).leases(), shared.micros());
    }
    nextLease += claims.stream().mapToInt(Claim::count).sum();
    held.removeIf(one -> shared.micros() - one.grantedAt() > LATEST);
    Optional<List<Object>> peeked = store.peek(ROUTES);
    if (peeked.isPresent()) {
      at((Long) peeked.get().getFirst());
      comparePeek(
          peeked.get().subList(1, peeked.get().size()),
          local(INSTANCES.getFirst()).peek(token, ROUTES));
    }
  }

  private void hold(String instance, List<Lease> shared, List<Lease> local, long micros) {
    for (int i = 0; i < shared.size(); i++) {
      granted++;
      Outcome outcome = discord.answer(local.get(i).route(), micros + random.nextLong(60_000));
      held.add(new Held(shared.get(i), local.get(i), instance, outcome, micros));
    }
  }

  private void renew() throws Exception {
    Held first = anyHeld();
    List<Held> kept =
        held.stream()
            .filter(one -> one.instance().equals(first.instance()) && random.nextBoolean())
            .toList();
    if (!kept.isEmpty()) {
      var shared = store.renew(first.instance(), kept.stream().map(Held::shared).toList());
      at(shared.micros());
      local(first.instance()).renew(kept.stream().map(Held::local).toList());
    }
  }

  private Claim claim() {
    return new Claim(
        ROUTES.get(random.nextInt(ROUTES.size())),
        random.nextInt(1, 7),
        Priority.values()[random.nextInt(Priority.values().length)],
        Duration.ofMillis(random.nextLong(3_000)));
  }

  private long age() {
    return random.nextInt(4) == 0 ? random.nextLong(80_000) : random.nextLong(1_000);
  }

  /** In microseconds; most are in time. */
  private long late() {
    return random.nextInt(3) > 0 ? 0 : random.nextLong(200_000);
  }

  private Held anyHeld() {
    return held.get(random.nextInt(held.size()));
  }

  private LocalRateLimitStore local(String instance) {
    return memory.get(instance);
  }

  private void at(long micros) {
    clock.advanceTo(micros * 1_000);
    // Only now, as it makes memory look for expired leases, which it does not make Redis do.
    learned.ifPresent(limit -> local(INSTANCES.getFirst()).learnGlobalLimit(token, limit));
    learned = OptionalInt.empty();
  }

  private void compareGrants(List<Grant> shared, List<Grant> local) {
    same("grants", shared.size(), local.size());
    for (int i = 0; i < shared.size(); i++) {
      Grant a = shared.get(i);
      Grant b = local.get(i);
      boolean same =
          a.bucket().equals(b.bucket())
              && a.leases().size() == b.leases().size()
              && a.hold().isPresent() == b.hold().isPresent()
              && (a.hold().isEmpty() || isSame(a.hold().get(), b.hold().orElseThrow()));
      require(same, "claim %d: %s in Redis, %s in memory".formatted(i + 1, text(a), text(b)));
    }
  }

  private static String text(Grant grant) {
    return "%d of %s, %s"
        .formatted(
            grant.leases().size(),
            grant.bucket(),
            grant.hold().map(Hold::toString).orElse("no hold"));
  }

  private static boolean isSame(Hold a, Hold b) {
    return a.reach() == b.reach()
        && isSame(a.delay(), b.delay())
        && isSame(a.atLeast(), b.atLeast())
        && a.limit() == b.limit()
        && isSame(a.window(), b.window());
  }

  private static boolean isSame(Duration a, Duration b) {
    return a.minus(b).abs().toNanos() <= TOLERANCE * 1_000;
  }

  private void compareOpenings(String self, List<TurnResult.Opening> own)
      throws InterruptedException {
    for (String instance : INSTANCES) {
      List<TurnResult.Opening> local = told.getOrDefault(instance, List.of());
      List<TurnResult.Opening> shared = new ArrayList<>(own);
      if (!instance.equals(self)) {
        shared.clear();
        for (int i = 0; i < local.size(); i++) {
          wakes.next(instance).ifPresent(shared::add);
        }
      }
      boolean same = shared.size() == local.size();
      for (int i = 0; same && i < local.size(); i++) {
        same =
            shared.get(i).bucket().equals(local.get(i).bucket())
                && isSame(shared.get(i).delay(), local.get(i).delay());
      }
      require(same, "%s is told: %s by Redis, %s in memory".formatted(instance, shared, local));
    }
    told.clear();
  }

  private void comparePeek(List<Object> shared, List<BucketStatus> local) {
    var fields = shared.iterator();
    for (BucketStatus status : local) {
      BucketKey bucket = TurnResult.bucket(fields);
      Model model = Model.values()[(int) TurnResult.number(fields)];
      long limit = TurnResult.number(fields);
      double level = Double.parseDouble(TurnResult.text(fields));
      long inFlight = TurnResult.number(fields);
      long next = TurnResult.number(fields);
      boolean same =
          bucket.equals(status.bucket())
              && model == status.model()
              && limit == status.limit()
              && Math.abs(level - status.level()) < 1e-3
              && inFlight == status.inFlight()
              && Math.abs(next - status.nextGrant().map(at -> at.toNanos() / 1_000).orElse(-1L))
                  <= TOLERANCE;
      var text = List.of(bucket, model, limit, level, inFlight, next);
      require(same, "state: %s in Redis, %s in memory".formatted(text, status));
    }
  }

  private void same(String what, Object shared, Object local) {
    require(shared.equals(local), "%s: %s in Redis, %s in memory".formatted(what, shared, local));
  }

  private void require(boolean met, String difference) {
    if (!met) {
      throw new AssertionError("seed %d, step %d: %s".formatted(seed, step, difference));
    }
  }

  private static List<Route> routes() {
    var routes = new ArrayList<Route>();
    for (String channel : List.of("channels/1", "channels/2")) {
      for (String word : List.of("alpha", "bravo", "charlie", "free")) {
        routes.add(route("GET /channels/:id/" + word, channel, Route.Kind.OTHER));
      }
    }
    routes.add(route("POST /webhooks/:id/:token", "webhooks/9", Route.Kind.WEBHOOK));
    routes.add(route("PATCH /webhooks/:id/!", "webhooks/8", Route.Kind.INTERACTION_WEBHOOK));
    routes.add(route("GET /users/@me", "", Route.Kind.OTHER));
    return routes;
  }

  private static Route route(String key, String major, Route.Kind kind) {
    var block = new BlockKey(key + ' ' + major);
    return new Route(new RouteKey(key), new MajorParameter(major), block, kind);
  }
}
