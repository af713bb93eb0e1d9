package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.domain.ratelimit.BucketHash;
import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.BucketProfile;
import dev.spectacles.proxy.domain.ratelimit.BucketStatus;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.Grant;
import dev.spectacles.proxy.domain.ratelimit.Grant.Hold;
import dev.spectacles.proxy.domain.ratelimit.Grant.Reach;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.RateLimitHeaders;
import dev.spectacles.proxy.domain.ratelimit.ServerClock;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests;
import dev.spectacles.proxy.domain.route.BlockKey;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Everything remembered about one caller's limits. Not thread-safe: used under its own lock. Times
 * are microseconds of the store's clock.
 */
final class TokenLimits {
  private static final int MOST_HASHES = 2_000;
  private static final long FORGET_AFTER = 120_000_000;

  /** A bucket from which requests can be sent after this delay. */
  record Opening(BucketKey bucket, Duration delay) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final TokenId token;
  private final long leaseMicros;
  private final RouteMap routes = new RouteMap();

  /** By the name of the bucket. */
  private final Map<String, BucketProfile> profiles =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, BucketProfile> eldest) {
          return size() > MOST_HASHES;
        }
      };

  private final Map<BucketKey, Bucket> buckets = new HashMap<>();
  private final Map<BlockKey, Long> blocks = new HashMap<>();
  private final GlobalLog global;
  private ServerClock serverClock = ServerClock.UNKNOWN;
  private long lastUsed = Long.MIN_VALUE;
  private boolean dropped;

  TokenLimits(TokenId token, int globalLimit, long leaseMicros) {
    this.token = token;
    this.leaseMicros = leaseMicros;
    this.global = new GlobalLog(globalLimit);
  }

  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  TokenId token() {
    return token;
  }

  boolean isDropped() {
    return dropped;
  }

  /** Nothing for a claim that something beyond this caller stands in the way of. */
  Grant held(Claim claim, Hold hold) {
    return new Grant(routes.bucketOf(claim.route()), List.of(), Optional.of(hold));
  }

  Grant claim(Claim claim, long now, LongSupplier leaseIds) {
    lastUsed = now;
    Route route = claim.route();
    BucketKey key = routes.bucketOf(route);
    if (route.kind() == Route.Kind.INTERACTION_CALLBACK) {
      var lease = new Lease(leaseIds.getAsLong(), token, route, key);
      return new Grant(key, List.of(lease), Optional.empty());
    }
    long blockedUntil = blocks.getOrDefault(route.block(), Long.MIN_VALUE);
    if (blockedUntil > now) {
      return held(claim, certain(Reach.ROUTE, blockedUntil - now, 0, 0));
    }
    Bucket bucket = bucket(key);
    BucketProfile profile = profileOf(key, route);
    bucket.expireLeases(profile, now);
    int available = Math.min(claim.count(), bucket.available(profile, now));
    var leases = new ArrayList<Lease>(available);
    Optional<Hold> hold = Optional.empty();
    while (leases.size() < available && hold.isEmpty()) {
      hold = route.countsGlobally() ? global.take(now) : Optional.empty();
      if (hold.isEmpty()) {
        var lease = new Lease(leaseIds.getAsLong(), token, route, key);
        bucket.lease(lease.id(), route.key(), now, now + leaseMicros);
        leases.add(lease);
      }
    }
    if (hold.isEmpty() && leases.size() < claim.count()) {
      hold = Optional.of(bucket.hold(profile, now));
    }
    return new Grant(key, leases, hold);
  }

  boolean restamp(Lease lease, long now) {
    if (lease.route().kind() == Route.Kind.INTERACTION_CALLBACK) {
      return true;
    }
    Optional<Long> grantedAt = bucket(holder(lease)).grantedAt(lease.id());
    if (grantedAt.isPresent() && lease.route().countsGlobally()) {
      global.restamp(grantedAt.get(), now);
    }
    return grantedAt.isPresent();
  }

  void globalLimit(int limit) {
    global.limit(limit);
  }

  BucketStatus peek(Route route, long now) {
    BucketKey key = routes.bucketOf(route);
    return buckets.getOrDefault(key, new Bucket()).status(key, profileOf(key, route), now);
  }

  boolean renew(Lease lease, long now) {
    return bucket(holder(lease)).renew(lease.id(), now + leaseMicros);
  }

  /**
   * Takes a lease back; tells which buckets have room now, or will have it sooner than was said.
   */
  List<Opening> release(Lease lease, Outcome outcome, long now) {
    lastUsed = now;
    if (lease.route().kind() == Route.Kind.INTERACTION_CALLBACK) {
      return List.of();
    }
    BucketKey holder = holder(lease);
    BucketKey learned = holder;
    boolean wasHeld = bucket(holder).release(lease.id());
    switch (outcome) {
      case Outcome.NotSent() -> {}
      case Outcome.Unknown() -> countLost(lease, holder, wasHeld, now);
      case Outcome.Answered(int code, var headers, var limited, boolean unauthorized) -> {
        Optional<BucketKey> told =
            headers.map(found -> learn(lease.route(), found, limited.isPresent(), now));
        if (told.isPresent()) {
          learned = told.get();
        } else if (limited.isEmpty()) {
          answeredWithoutHeaders(lease, holder, wasHeld, code, now);
        }
        if (limited.isPresent()) {
          block(lease, learned, limited.get(), now);
        }
      }
    }
    var openings = new ArrayList<Opening>(3);
    openings.add(opening(learned, lease.route(), now));
    // Whoever waits for one of these may be governed by the other from now on.
    for (BucketKey left : new LinkedHashSet<>(List.of(holder, lease.bucket()))) {
      if (!left.equals(learned)) {
        openings.add(new Opening(left, Duration.ZERO));
      }
    }
    return openings;
  }

  /** Bucket that has the lease now: its route may have turned out to be governed by another. */
  private BucketKey holder(Lease lease) {
    return bucket(lease.bucket()).holds(lease.id())
        ? lease.bucket()
        : routes.bucketOf(lease.route());
  }

  private Bucket bucket(BucketKey key) {
    return buckets.computeIfAbsent(key, any -> new Bucket());
  }

  private void countLost(Lease lease, BucketKey holder, boolean wasHeld, long now) {
    // One that expired was counted then.
    if (wasHeld && !routes.isUnlimited(lease.route())) {
      bucket(holder).lost(profileOf(holder, lease.route()), now, 1);
    }
  }

  private void answeredWithoutHeaders(
      Lease lease, BucketKey holder, boolean wasHeld, int code, long now) {
    if (code < 400) {
      routes.answeredWithoutLimit(lease.route());
    }
    // A refused request of an unknown route teaches nothing: the next one is the probe again.
    if (code >= 500 || routes.isHashed(lease.route())) {
      countLost(lease, holder, wasHeld, now);
    }
  }

  private BucketKey learn(Route route, RateLimitHeaders headers, boolean refused, long now) {
    BucketKey before = routes.bucketOf(route);
    if (routes.answered(route, headers.bucket(), refused, now)) {
      moveLeases(route.key(), before.name(), headers.bucket());
    }
    serverClock = serverClock.observe(headers.serverMillis(), now);
    long countedAt = serverClock.countedAt(headers.serverMillis(), now);
    BucketKey key = BucketKey.of(headers.bucket(), route.major());
    Bucket bucket = bucket(key);
    BucketProfile profile = profiles.getOrDefault(key.name(), BucketProfile.UNKNOWN);
    profiles.put(key.name(), bucket.answered(profile, headers, countedAt, refused));
    return key;
  }

  /** Requests in flight count where the route belongs now, whatever the resource. */
  private void moveLeases(RouteKey route, String from, BucketHash to) {
    for (BucketKey key : List.copyOf(buckets.keySet())) {
      if (key.name().equals(from)) {
        bucket(key).moveLeases(route, bucket(BucketKey.of(to, key.major())));
      }
    }
  }

  private void block(Lease lease, BucketKey learned, TooManyRequests limited, long now) {
    long until = now + limited.retryAfter().toNanos() / 1_000;
    switch (limited.scope()) {
      case GLOBAL -> global.refused(until, now);
      case USER -> {
        bucket(learned).block(until);
        if (!learned.equals(routes.bucketOf(lease.route()))) {
          // The 429 names another bucket than the answers before: it would not be asked next time.
          blocks.put(lease.route().block(), until);
        }
      }
      case SUBLIMIT, SHARED -> blocks.put(lease.route().block(), until);
      case CLOUDFLARE -> {} // the egress guard's business, as it concerns every caller
    }
  }

  private Opening opening(BucketKey key, Route route, long now) {
    Bucket bucket = bucket(key);
    return new Opening(key, bucket.hold(profileOf(key, route), now).delay());
  }

  private BucketProfile profileOf(BucketKey key, Route route) {
    if (routes.isUnlimited(route)) {
      return RouteMap.UNLIMITED;
    }
    BucketProfile profile = profiles.get(key.name());
    return profile == null ? BucketProfile.UNKNOWN : profile;
  }

  private static Hold certain(Reach reach, long micros, int limit, long window) {
    return new Hold(
        reach,
        Duration.ofNanos(micros * 1_000),
        Duration.ofNanos(micros * 1_000),
        limit,
        Duration.ofNanos(window * 1_000));
  }

  /** Forgets what has run out; whether nothing worth keeping is left. Then it must not be used. */
  boolean dropIfIdle(long now) {
    blocks.values().removeIf(until -> until <= now);
    buckets.forEach(
        (key, bucket) ->
            bucket.expireLeases(profiles.getOrDefault(key.name(), BucketProfile.UNKNOWN), now));
    buckets.values().removeIf(bucket -> bucket.isIdle(now - FORGET_AFTER));
    dropped =
        buckets.isEmpty()
            && blocks.isEmpty()
            && global.isIdle(now)
            && now - lastUsed > FORGET_AFTER;
    return dropped;
  }

  int size() {
    lock.lock();
    try {
      return routes.size() + profiles.size() + buckets.size() + blocks.size();
    } finally {
      lock.unlock();
    }
  }
}
