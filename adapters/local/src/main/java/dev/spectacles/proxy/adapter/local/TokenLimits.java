package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.BucketProfile;
import dev.spectacles.proxy.domain.ratelimit.BucketState;
import dev.spectacles.proxy.domain.ratelimit.BucketStatus;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.CredentialsLatch;
import dev.spectacles.proxy.domain.ratelimit.CredentialsLatch.Verdict;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Everything remembered about one caller's limits, and the decisions that follow from it.
 *
 * <p>The Lua scripts of the Redis store decide in the same way; a test compares the two. Not
 * thread-safe. Times are microseconds of the store's clock.
 */
final class TokenLimits {
  private static final int MOST_HASHES = 2_000;
  private static final long FORGET_AFTER = 120_000_000;

  /** Told again only if it makes a difference. */
  private static final long SOONER = 1_000;

  /** What an instance that waits is to be told: from the bucket, requests can be sent then. */
  record Opening(String instance, BucketKey bucket, Duration delay) {}

  /**
   * What a call decided.
   *
   * @param openings for other instances, mostly
   */
  record Decision(List<Grant> grants, List<Opening> openings) {}

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
  private final Leases leases = new Leases();
  private final GlobalLog global;

  /** Found while the claims of one call are decided. */
  private final List<Opening> openings = new ArrayList<>();

  private CredentialsLatch latch = CredentialsLatch.ACCEPTED;
  private ServerClock serverClock = ServerClock.UNKNOWN;
  private int globalLimit;
  private int parts = 1;
  private long calls;
  private long lastUsed = Long.MIN_VALUE;

  TokenLimits(TokenId token, int globalLimit, long leaseMicros) {
    this.token = token;
    this.leaseMicros = leaseMicros;
    this.globalLimit = globalLimit;
    this.global = new GlobalLog(globalLimit);
  }

  /** Decides the claims of one call, in their order. */
  Decision claim(String instance, List<Claim> claims, long now, LongSupplier leaseIds) {
    lastUsed = now;
    expireLeases(now);
    calls++;
    var share = new GlobalShare(global, instance, claims, calls, now);
    var grants = new ArrayList<Grant>(claims.size());
    for (Claim claim : claims) {
      grants.add(claim(instance, claim, share, now, leaseIds));
    }
    share.end();
    var told = List.copyOf(openings);
    openings.clear();
    return new Decision(grants, told);
  }

  private Grant claim(
      String instance, Claim claim, GlobalShare share, long now, LongSupplier leaseIds) {
    Route route = claim.route();
    BucketKey key = routes.bucketOf(route);
    Verdict verdict = route.isAuthorisedByCaller() ? latch.verdict(now) : Verdict.OPEN;
    if (verdict == Verdict.OPEN && route.countsGlobally() && share.isUsedUp()) {
      share.take(claim.count());
      return none(key, share.hold());
    }
    if (verdict == Verdict.REFUSED || verdict == Verdict.WAIT) {
      return none(key, latched(verdict, now));
    }
    long blockedUntil = blocks.getOrDefault(route.block(), Long.MIN_VALUE);
    if (blockedUntil > now) {
      return none(key, certain(Reach.ROUTE, blockedUntil - now));
    }
    Bucket bucket = bucket(key);
    BucketProfile whole = profileOf(key, route);
    BucketProfile profile = whole.part(parts);
    bucket.waiters().expire(now);
    int wanted = verdict == Verdict.PROBE ? 1 : claim.count();
    var self = self(instance, claim, now, wanted);
    int available = bucket.available(profile, now);
    int kept = bucket.waiters().reserved(self, available);
    // What this call was refused before comes first.
    int free = bucket.waiters().toldInCall(self).isPresent() ? 0 : Math.max(0, available - kept);
    int grantable = Math.min(wanted, free);
    int granted = route.countsGlobally() ? share.take(grantable) : grantable;
    var granting = new ArrayList<Lease>(granted);
    for (int i = 0; i < granted; i++) {
      var lease = new Lease(leaseIds.getAsLong(), token, route, key);
      leases.add(lease.id(), new Leases.Out(route, key, now, now + leaseMicros));
      bucket.leased();
      granting.add(lease);
    }
    if (granted > 0 && parts > whole.limit()) {
      // There is less than one for each: they take turns.
      int turns = (parts + whole.limit() - 1) / whole.limit();
      bucket.block(now + turns * Math.max(whole.window(), BucketState.UNKNOWN_WINDOW));
    }
    if (verdict == Verdict.PROBE && granted > 0) {
      latch = latch.probing(granting.getFirst().id(), now);
    }
    if (granted < grantable) {
      return new Grant(key, granting, Optional.of(share.hold()));
    }
    if (grantable < wanted) {
      Waiters.Entry left = self.left(grantable, now);
      long opensAt = opensAt(bucket, profile, left, now);
      bucket.waiters().put(left.told(opensAt));
      if (available > granted) {
        // Who comes before was not told of what is there, as somebody else was first then.
        openings.addAll(openings(key, route, now));
      }
      return new Grant(key, granting, Optional.of(hold(bucket, profile, opensAt, now)));
    }
    bucket.waiters().remove(instance, calls);
    Optional<Hold> hold =
        granted < claim.count() ? Optional.of(latched(latch.verdict(now), now)) : Optional.empty();
    return new Grant(key, granting, hold);
  }

  /** When the instance should ask again, if nothing is given back before. */
  private long opensAt(Bucket bucket, BucketProfile profile, Waiters.Entry self, long now) {
    long missed = bucket.waiters().missedAt(self).orElse(Long.MAX_VALUE);
    long next = bucket.nextAt(profile, now, bucket.waiters().before(self).size());
    if (next == Long.MAX_VALUE) {
      next = leases.firstExpiry().orElse(now + leaseMicros);
    }
    // What is there is left for those that come before, unless they do not come.
    long own = next <= now ? missed : Math.min(next, missed);
    return Math.min(own, bucket.waiters().toldInCall(self).orElse(Long.MAX_VALUE));
  }

  private Waiters.Entry self(String instance, Claim claim, long now, int want) {
    long since = now - claim.age().toNanos() / 1_000;
    return new Waiters.Entry(instance, claim.priority(), since, now, want, calls);
  }

  /** Whether the lease is still held; its request is sent only now. */
  boolean restamp(Lease lease, long now) {
    expireLeases(now);
    Optional<Leases.Out> out = leases.get(lease.id());
    if (out.isPresent() && lease.route().countsGlobally()) {
      global.move(out.get().sentAt(), now);
      leases.sent(lease.id(), now);
    }
    return out.isPresent();
  }

  boolean renew(Lease lease, long now) {
    expireLeases(now);
    return leases.renew(lease.id(), now + leaseMicros);
  }

  void globalLimit(int limit) {
    globalLimit = limit;
    global.limit(Math.max(1, globalLimit / parts));
  }

  /** Only one of so many parts of each limit may be used from now on. */
  void parts(int newParts) {
    if (newParts != parts) {
      parts = newParts;
      global.limit(Math.max(1, globalLimit / parts));
    }
  }

  /**
   * Takes a lease back; tells which instances can go on now, or sooner than they were told.
   *
   * @param late how much later than noted the request was sent
   * @param received when the answer arrived
   */
  List<Opening> release(Lease lease, Outcome outcome, long late, long received, long now) {
    lastUsed = now;
    expireLeases(now);
    Route route = lease.route();
    Optional<Leases.Out> out = leases.remove(lease.id());
    BucketKey holder = out.map(Leases.Out::bucket).orElseGet(() -> routes.bucketOf(route));
    out.ifPresent(held -> bucket(holder).returned());
    if (out.isPresent() && late > 0 && route.countsGlobally()) {
      long sentAt = out.get().sentAt();
      global.move(sentAt, Math.min(now, sentAt + late));
    }
    BucketKey learned = holder;
    switch (outcome) {
      case Outcome.NotSent() -> latch = latch.unanswered(lease.id(), now);
      case Outcome.Unknown() -> {
        latch = latch.unanswered(lease.id(), now);
        countLost(route, holder, out.isPresent(), now);
      }
      case Outcome.Answered(int code, var headers, var limited, boolean unauthorized) -> {
        if (route.isAuthorisedByCaller()) {
          latch = latch.answered(lease.id(), unauthorized, now);
        }
        Optional<BucketKey> told =
            headers.map(found -> learn(route, found, limited.isPresent(), received));
        if (told.isPresent()) {
          learned = told.get();
        } else if (limited.isEmpty()) {
          answeredWithoutHeaders(route, holder, out.isPresent(), code, now);
        }
        if (limited.isPresent()) {
          block(route, learned, limited.get(), received, now);
        }
      }
    }
    var told = new ArrayList<Opening>(openings(learned, route, now));
    // Whoever waits for one of these may be governed by the other from now on.
    for (BucketKey left : new LinkedHashSet<>(List.of(holder, lease.bucket()))) {
      if (!left.equals(learned)) {
        Waiters waiters = bucket(left).waiters();
        waiters.expire(now);
        waiters.inOrder().forEach(w -> told.add(new Opening(w.instance(), left, Duration.ZERO)));
        waiters.clear();
      }
    }
    return told;
  }

  private List<Opening> openings(BucketKey key, Route route, long now) {
    Bucket bucket = bucket(key);
    BucketProfile profile = profileOf(key, route).part(parts);
    bucket.waiters().expire(now);
    var told = new ArrayList<Opening>();
    int before = 0;
    for (Waiters.Entry waiter : bucket.waiters().inOrder()) {
      long next = bucket.nextAt(profile, now, before++);
      if (next == Long.MAX_VALUE) {
        break;
      }
      if (next + SOONER < waiter.toldAt()) {
        bucket.waiters().told(waiter.instance(), next);
        told.add(new Opening(waiter.instance(), key, duration(next - now)));
      }
    }
    return told;
  }

  private Bucket bucket(BucketKey key) {
    return buckets.computeIfAbsent(key, any -> new Bucket());
  }

  private void expireLeases(long now) {
    for (Leases.Out expired : leases.expire(now)) {
      bucket(expired.bucket()).returned();
      countLost(expired.route(), expired.bucket(), true, now);
    }
  }

  private void countLost(Route route, BucketKey holder, boolean wasHeld, long now) {
    // One that expired was counted then.
    if (wasHeld && !routes.isUnlimited(route)) {
      bucket(holder).lost(profileOf(holder, route), now);
    }
  }

  private void answeredWithoutHeaders(
      Route route, BucketKey holder, boolean wasHeld, int code, long now) {
    if (code < 400) {
      routes.answeredWithoutLimit(route);
    }
    // A refused request of an unknown route teaches nothing: the next one is the probe again.
    if (code >= 500 || routes.isHashed(route)) {
      countLost(route, holder, wasHeld, now);
    }
  }

  private BucketKey learn(Route route, RateLimitHeaders headers, boolean refused, long received) {
    BucketKey before = routes.bucketOf(route);
    if (routes.answered(route, headers.bucket(), refused, received)) {
      for (Leases.Move move : leases.move(route.key(), before.name(), headers.bucket())) {
        bucket(move.from()).returned();
        bucket(move.to()).leased();
      }
    }
    serverClock = serverClock.observe(headers.serverMillis(), received);
    long countedAt = serverClock.countedAt(headers.serverMillis(), received);
    BucketKey key = BucketKey.of(headers.bucket(), route.major());
    Bucket bucket = bucket(key);
    BucketProfile profile = profiles.getOrDefault(key.name(), BucketProfile.UNKNOWN);
    profiles.put(key.name(), bucket.answered(profile, headers, countedAt, refused));
    return key;
  }

  private void block(
      Route route, BucketKey learned, TooManyRequests limited, long received, long now) {
    long until = received + limited.retryAfter().toNanos() / 1_000;
    switch (limited.scope()) {
      case GLOBAL -> global.refused(until, now);
      case USER -> {
        bucket(learned).block(until);
        if (!learned.equals(routes.bucketOf(route))) {
          // The 429 names another bucket than the answers before: it would not be asked next time.
          blocks.put(route.block(), until);
        }
      }
      case SUBLIMIT, SHARED -> blocks.put(route.block(), until);
      case CLOUDFLARE -> {} // the egress guard's business, as it concerns every caller
    }
  }

  BucketStatus peek(Route route, long now) {
    BucketKey key = routes.bucketOf(route);
    return buckets.getOrDefault(key, new Bucket()).status(key, profileOf(key, route), now);
  }

  private BucketProfile profileOf(BucketKey key, Route route) {
    if (routes.isUnlimited(route)) {
      return RouteMap.UNLIMITED;
    }
    BucketProfile profile = profiles.get(key.name());
    return profile == null ? BucketProfile.UNKNOWN : profile;
  }

  private static Grant none(BucketKey key, Hold hold) {
    return new Grant(key, List.of(), Optional.of(hold));
  }

  private static Hold hold(Bucket bucket, BucketProfile profile, long opensAt, long now) {
    long atLeast = Math.min(opensAt, bucket.earliest(profile, now));
    return new Hold(
        Reach.BUCKET,
        duration(opensAt - now),
        duration(atLeast - now),
        profile.limit(),
        duration(profile.window()));
  }

  private Hold latched(Verdict verdict, long now) {
    Duration delay = duration(latch.delay(now));
    return verdict == Verdict.REFUSED
        ? new Hold(Reach.CREDENTIALS, delay, delay, 0, Duration.ZERO)
        : new Hold(Reach.ROUTE, delay, Duration.ZERO, 0, Duration.ZERO);
  }

  private static Hold certain(Reach reach, long micros) {
    return new Hold(reach, duration(micros), duration(micros), 0, Duration.ZERO);
  }

  private static Duration duration(long micros) {
    return Duration.ofNanos(Math.max(0, micros) * 1_000);
  }

  /** Forgets what has run out; whether nothing worth keeping is left. */
  boolean forget(long now) {
    expireLeases(now);
    blocks.values().removeIf(until -> until <= now);
    buckets.values().removeIf(bucket -> bucket.isIdle(now - FORGET_AFTER, now));
    return buckets.isEmpty()
        && blocks.isEmpty()
        && leases.isEmpty()
        && global.isIdle(now)
        && !latch.suspect()
        && now - lastUsed > FORGET_AFTER;
  }

  int size() {
    return routes.size() + profiles.size() + buckets.size() + blocks.size();
  }
}
