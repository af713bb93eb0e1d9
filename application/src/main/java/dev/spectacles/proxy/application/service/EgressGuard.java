package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.in.Status;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.EgressStore;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.RateLimitStore;
import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.Egress;
import dev.spectacles.proxy.domain.ratelimit.EgressReport;
import dev.spectacles.proxy.domain.ratelimit.Grant;
import dev.spectacles.proxy.domain.ratelimit.Grant.Hold;
import dev.spectacles.proxy.domain.ratelimit.Grant.Reach;
import dev.spectacles.proxy.domain.ratelimit.InvalidLimit;
import dev.spectacles.proxy.domain.ratelimit.InvalidLimit.Level;
import dev.spectacles.proxy.domain.ratelimit.InvalidRequests;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.Priority;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps Discord from banning the address, and a ban from being prolonged: says before every request
 * whether the address may send it, and is told of every outcome.
 *
 * <p>Thread-safe. The lock is never held while a store or the listener is called.
 */
public final class EgressGuard {
  private static final Logger LOG = LoggerFactory.getLogger(EgressGuard.class);

  /** When to ask again where nobody can say how long it takes. */
  private static final Duration ASK_AGAIN = Duration.ofMillis(250);

  private static final Duration SHORTEST_REFUSAL = Duration.ofSeconds(1);

  /** Whether something may be sent from the address now. */
  sealed interface Verdict {
    /** It may, unless this very request is held back. */
    record Open() implements Verdict {}

    /** Later. */
    record Held(Hold hold) implements Verdict {}

    /** Not within any useful time; for so long at least. */
    record Refused(Duration atLeast) implements Verdict {}
  }

  private final EgressStore store;
  private final InvalidLimit limit;
  private final Clock clock;
  private final ProxyEvents events;
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock, as are those that follow. */
  private final Offenders offenders = new Offenders();

  private Level level = Level.CALM;
  private boolean banned;

  /** Requests that were let through and have not reported back. */
  private long inFlight;

  /** Requests that the rate limits are being asked for. */
  private long reserved;

  /** Ids of probes by the leases that carry them. */
  private final Map<Long, Long> probes = new ConcurrentHashMap<>();

  private volatile Runnable listener = () -> {};

  /** Guard of the address that this store is about. */
  public EgressGuard(EgressStore store, InvalidLimit limit, Clock clock, ProxyEvents events) {
    this.store = store;
    this.limit = limit;
    this.clock = clock;
    this.events = events;
    store.listen(this::changed);
  }

  /** Calls this, and nothing else, whenever {@link #verdict} changes. */
  void listen(Runnable newListener) {
    listener = newListener;
  }

  /** Whether anything may be sent now; costs no I/O and calls nobody. */
  Verdict verdict() {
    Egress egress = store.egress();
    long now = micros();
    Duration closed = egress.ban().closedFor(now);
    if (closed.isPositive()) {
      return new Verdict.Held(new Hold(Reach.EGRESS, closed, closed, 0, Duration.ZERO));
    }
    if (egress.ban().isProbed(now)) {
      return new Verdict.Held(askAgain(Reach.EGRESS));
    }
    if (levelNow(egress, egress.invalid().total(now)) == Level.REFUSE) {
      Duration wait = egress.invalid().untilBelow(limit.calm(), now);
      return new Verdict.Refused(wait.compareTo(SHORTEST_REFUSAL) > 0 ? wait : SHORTEST_REFUSAL);
    }
    return new Verdict.Open();
  }

  /** What is known of the address now, for people to look at; costs no I/O. */
  public Status.Address look() {
    Egress egress = store.egress();
    long now = micros();
    long invalid = egress.invalid().total(now);
    return new Status.Address(
        invalid, limit, levelNow(egress, invalid), egress.ban().on(), egress.ban().closedFor(now));
  }

  /** How many requests of the address Discord counts as invalid now; costs no I/O. */
  public long invalidNow() {
    return store.egress().invalid().total(micros());
  }

  /** Lets one request through that no rate limit counts; it reports by {@link #ended}. */
  Verdict enter(Lease lease) throws InterruptedException {
    Verdict verdict = verdict();
    if (!(verdict instanceof Verdict.Open)) {
      return verdict;
    }
    if (store.egress().ban().on()) {
      Optional<Long> probe = store.probe();
      if (probe.isEmpty()) {
        return new Verdict.Held(askAgain(Reach.EGRESS));
      }
      probes.put(lease.id(), probe.get());
    }
    granted(1, 0);
    changed();
    return verdict;
  }

  /**
   * Asks for what the address may send of these claims; what it grants reports by {@link #ended}.
   *
   * @return one answer per claim
   */
  List<Grant> claim(TokenId token, List<Claim> claims, RateLimitStore limits)
      throws InterruptedException {
    Optional<Long> probe = Optional.empty();
    if (store.egress().ban().on()) {
      probe = store.probe();
      if (probe.isEmpty()) {
        return claims.stream().map(EgressGuard::held).toList();
      }
    }
    long wanted = claims.stream().mapToLong(Claim::count).sum();
    long room = reserve(probe.isPresent() ? 1 : wanted);
    List<Grant> granted = List.of();
    try {
      granted = ask(token, claims, room, limits);
    } finally {
      List<Lease> leases = granted.stream().flatMap(grant -> grant.leases().stream()).toList();
      granted(leases.size(), room);
      if (probe.isPresent()) {
        if (leases.isEmpty()) {
          store.report(new EgressReport.ProbeLost(probe.get()));
        } else {
          probes.put(leases.getFirst().id(), probe.get());
        }
      }
      changed();
    }
    return granted;
  }

  /** A request that was let through is over, or was not sent after all. */
  void ended(Lease lease, Outcome outcome) {
    lock.lock();
    try {
      inFlight--;
      if (outcome instanceof Outcome.Answered answered && answered.code() == 403) {
        offenders.forbidden(lease.token(), lease.route(), micros());
      }
    } finally {
      lock.unlock();
    }
    Optional<Long> probe = Optional.ofNullable(probes.remove(lease.id()));
    if (outcome instanceof Outcome.Answered answered) {
      if (InvalidRequests.isInvalid(answered)) {
        store.report(new EgressReport.Invalid());
      }
      Optional<TooManyRequests> ban =
          answered.limited().filter(limited -> limited.scope() == TooManyRequests.Scope.CLOUDFLARE);
      if (ban.isPresent()) {
        store.report(new EgressReport.Banned(ban.get().retryAfter(), probe));
      } else {
        probe.ifPresent(id -> store.report(new EgressReport.ProbePassed(id)));
      }
    } else {
      probe.ifPresent(id -> store.report(new EgressReport.ProbeLost(id)));
    }
    changed();
  }

  private List<Grant> ask(TokenId token, List<Claim> claims, long room, RateLimitStore limits)
      throws InterruptedException {
    var asked = new ArrayList<Optional<Claim>>(claims.size());
    long left = room;
    for (Claim claim : claims) {
      long count = isHeldBack(token, claim) ? 0 : Math.min(claim.count(), left);
      left -= count;
      asked.add(
          count == 0
              ? Optional.empty()
              : Optional.of(new Claim(claim.route(), (int) count, claim.priority(), claim.age())));
    }
    List<Claim> allowed = asked.stream().flatMap(Optional::stream).toList();
    if (allowed.isEmpty()) {
      return claims.stream().map(EgressGuard::held).toList();
    }
    var granted = limits.claim(token, allowed).iterator();
    var grants = new ArrayList<Grant>(claims.size());
    for (int i = 0; i < claims.size(); i++) {
      grants.add(asked.get(i).isPresent() ? granted.next() : held(claims.get(i)));
    }
    return grants;
  }

  private boolean isHeldBack(TokenId token, Claim claim) {
    lock.lock();
    try {
      return level.compareTo(Level.HOLD_BACK) >= 0
          && (claim.priority() == Priority.LOW
              || offenders.contains(token, claim.route(), micros()));
    } finally {
      lock.unlock();
    }
  }

  /** Sets aside room for at most so many; {@link #granted} follows. */
  private long reserve(long wanted) {
    Egress egress = store.egress();
    long invalid = egress.invalid().total(micros());
    lock.lock();
    try {
      long own = inFlight + reserved + egress.unreported();
      long room = Math.min(wanted, limit.room(invalid, own, egress.instances()));
      reserved += room;
      return room;
    } finally {
      lock.unlock();
    }
  }

  private void granted(long leases, long room) {
    lock.lock();
    try {
      inFlight += leases;
      reserved -= room;
    } finally {
      lock.unlock();
    }
  }

  private Level levelNow(Egress egress, long invalid) {
    lock.lock();
    try {
      // What others have not heard of yet is as good as in flight to them.
      long underWay = (inFlight + egress.unreported()) * egress.instances();
      return limit.next(level, invalid, underWay);
    } finally {
      lock.unlock();
    }
  }

  /** Looks at the address anew: tells the log, the metrics and the listener what is different. */
  private void changed() {
    Egress egress;
    long invalid;
    Level before;
    Level after;
    boolean wasBanned;
    lock.lock();
    try {
      // The copy here, not the store: read under the lock, so that no older one comes after it.
      egress = store.egress();
      invalid = egress.invalid().total(micros());
      before = level;
      wasBanned = banned;
      after = levelNow(egress, invalid);
      level = after;
      banned = egress.ban().on();
    } finally {
      lock.unlock();
    }
    events.invalidRequests(invalid);
    events.egressBlocked(egress.ban().on());
    if (after != before) {
      tell(before, after, invalid);
    }
    if (egress.ban().on() != wasBanned) {
      tellBan(egress);
    }
    if (egress.ban().on() != wasBanned || (after == Level.REFUSE) != (before == Level.REFUSE)) {
      listener.run();
    }
  }

  private void tell(Level before, Level after, long invalid) {
    if (after.compareTo(before) > 0 && (after == Level.REFUSE || before == Level.CALM)) {
      LOG.warn(
          "invalid requests (401, 403, 429) of the last 10 minutes: {} (expected: fewer than {}, or"
              + " Discord bans the address); {}",
          invalid,
          limit.limit(),
          after == Level.REFUSE ? "nothing is sent until they are fewer" : "look for their cause");
    } else if (before == Level.REFUSE) {
      LOG.info("invalid requests of the last 10 minutes: {}; requests are sent again", invalid);
    }
  }

  private void tellBan(Egress egress) {
    if (egress.ban().on()) {
      LOG.warn(
          "Discord refuses every request from this address for {}: look for the cause of invalid"
              + " requests (401, 403, 429); nothing is sent until then",
          egress.ban().closedFor(micros()));
    } else {
      LOG.info("Discord accepts requests from this address again");
    }
  }

  private static Grant held(Claim claim) {
    return new Grant(
        BucketKey.provisional(claim.route()), List.of(), Optional.of(askAgain(Reach.ROUTE)));
  }

  private static Hold askAgain(Reach reach) {
    return new Hold(reach, ASK_AGAIN, Duration.ZERO, 0, Duration.ZERO);
  }

  private long micros() {
    return clock.nanoTime() / 1_000;
  }
}
