package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.service.Waiter.Refusal;
import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.Grant;
import dev.spectacles.proxy.domain.ratelimit.Grant.Hold;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Priority;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Requests of one caller in line: decides whom to ask the store for, and when.
 *
 * <p>The more urgent go first, of those the first come: within a lane, one per route, and across
 * lanes, so that routes that turn out to share a bucket share it fairly. A lane that the store held
 * up is not asked for again before the hold ends or the store says that something was given back.
 *
 * <p>No clock, no thread, no I/O: time is passed in, as nanoseconds of the monotonic clock. Not
 * thread-safe. {@link TokenPump} runs it.
 */
public final class TokenQueue {
  private static final int MOST_CLAIMS = 32;

  /** Of a caller at its global limit, who is granted few at a time. */
  private static final int MOST_CLAIMS_AT_LIMIT = 8;

  private static final int MOST_REQUESTS = 256;
  private static final long LONG_AGO = Long.MIN_VALUE;

  private static final Duration LONG_HOLD = Duration.ofSeconds(1);

  /** Moments that differ by less are the same one, read from the clock at two times. */
  private static final long SAME = Duration.ofMillis(10).toNanos();

  /** Neighbours in one lane that the store is asked about together. */
  private record Asked(Lane lane, List<Waiter> waiters) {
    Claim claim(long now) {
      Place first = waiters.getFirst().place();
      return new Claim(lane.route(), waiters.size(), first.priority(), first.age(now));
    }
  }

  private final int mostPerLane;
  private final boolean orderedMessages;
  private final Map<Route, Lane> lanes = new HashMap<>();
  private final NavigableMap<Place, Lane> ready = new TreeMap<>();

  /** Ready lanes that the global limit does not count. */
  private final NavigableMap<Place, Lane> readyExempt = new TreeMap<>();

  private final TreeSet<Lane> parked =
      new TreeSet<>(
          Comparator.<Lane>comparingLong(lane -> lane.parkedUntil().orElseThrow())
              .thenComparing(lane -> lane.route().key().value())
              .thenComparing(lane -> lane.route().major().value())
              .thenComparing(lane -> lane.route().block().value()));
  private final Map<BucketKey, Set<Lane>> lanesOf = new HashMap<>();
  private final Map<BucketKey, Long> bucketOpensAt = new HashMap<>();
  private long tokenOpensAt = LONG_AGO;

  /** Whether the global limit was met when the store decided last. */
  private boolean atLimit;

  private long egressOpensAt = LONG_AGO;

  /** Until when they are closed in any case, whatever is given back. */
  private long tokenClosedUntil = LONG_AGO;

  private long egressClosedUntil = LONG_AGO;

  /** Until when Discord is known to refuse the caller's credentials. */
  private long credentialsRefusedUntil = LONG_AGO;

  /** Number of the request that came last. */
  private long newest = Long.MIN_VALUE;

  private List<Asked> asked = List.of();

  /** Buckets of which something was given back while the store decides. */
  private final Map<BucketKey, Long> openedMeanwhile = new HashMap<>();

  /**
   * Empty queue.
   *
   * @param mostPerLane how many may wait for the same route and resource
   * @param orderedMessages whether messages to a channel are sent one at a time
   */
  public TokenQueue(int mostPerLane, boolean orderedMessages) {
    this.mostPerLane = mostPerLane;
    this.orderedMessages = orderedMessages;
  }

  /** Puts a request in line, or refuses it if it is known to wait too long. */
  public void add(Waiter waiter, long now) {
    Lane lane = lanes.computeIfAbsent(waiter.route(), this::newLane);
    Duration wait = atLeast(lane, waiter.place(), now);
    // One that is sent again was let in once.
    boolean returns = waiter.place().number() <= newest;
    newest = Math.max(newest, waiter.place().number());
    if (lane.route().isAuthorisedByCaller() && credentialsRefusedUntil > now) {
      waiter.refuse(Refusal.UNAUTHORIZED, Duration.ofNanos(credentialsRefusedUntil - now));
    } else if (!returns && lane.waiters().size() >= mostPerLane) {
      waiter.refuse(Refusal.QUEUE_FULL, wait);
    } else if (!refusedForWait(waiter, wait, now)) {
      lane.waiters().put(waiter.place(), waiter);
    }
    arrange(lane, now);
  }

  /** Shortest time that a request in line still has to wait; zero if that is not known. */
  public Duration atLeast(Waiter waiter, long now) {
    Lane lane = lanes.get(waiter.route());
    return lane == null ? Duration.ZERO : atLeast(lane, waiter.place(), now);
  }

  /** Takes a request out of line that gave up; false if it is not in line any more. */
  public boolean remove(Waiter waiter, long now) {
    Lane lane = lanes.get(waiter.route());
    if (waiter.isSettled() || lane == null || !lane.waiters().remove(waiter.place(), waiter)) {
      return false;
    }
    arrange(lane, now);
    return true;
  }

  /** The request of this place is through, whatever became of it: the next in its lane may go. */
  public void through(Route route, Place place, long now) {
    Lane lane = lanes.get(route);
    if (lane != null && lane.sending().filter(place::equals).isPresent()) {
      lane.sending(Optional.empty());
      arrange(lane, now);
    }
  }

  /**
   * What to ask the store for now, the first in line first; {@link #apply} or {@link #withdraw} has
   * to follow before the next call.
   */
  public List<Claim> due(long now) {
    while (!parked.isEmpty() && parked.first().parkedUntil().orElseThrow() <= now) {
      arrange(parked.first(), now);
    }
    var batch = new ArrayList<Asked>();
    int requests = 0;
    int most = atLimit ? MOST_CLAIMS_AT_LIMIT : MOST_CLAIMS;
    while (egressOpensAt <= now && batch.size() < most && requests < MOST_REQUESTS) {
      Optional<Lane> oldest = pollOldest(now);
      if (oldest.isEmpty()) {
        break;
      }
      Asked run = run(oldest.get(), firstOfOthers(now), MOST_REQUESTS - requests);
      requests += run.waiters().size();
      batch.add(run);
    }
    asked = batch;
    return batch.stream().map(run -> run.claim(now)).toList();
  }

  /**
   * Hands out what the store granted and notes what it held up.
   *
   * @return leases that nobody is there for any more, to be given back
   */
  public List<Lease> apply(List<Grant> grants, long now) {
    var unwanted = new ArrayList<Lease>();
    var changed = new LinkedHashSet<Lane>();
    atLimit = false;
    for (int i = 0; i < grants.size(); i++) {
      Lane lane = asked.get(i).lane();
      Grant grant = grants.get(i);
      changed.add(lane);
      governedBy(lane, grant.bucket());
      unwanted.addAll(handOut(lane, asked.get(i).waiters(), grant.leases()));
      lane.held(grant.hold(), now);
      grant.hold().ifPresent(hold -> holdUp(lane, hold, changed, now));
    }
    asked = List.of();
    openedMeanwhile.clear();
    changed.forEach(lane -> arrange(lane, now));
    return unwanted;
  }

  /** The store could not decide: asks again after this delay. */
  public void withdraw(Duration delay, long now) {
    egressOpensAt = now + delay.toNanos();
    List<Asked> undecided = asked;
    asked = List.of();
    openedMeanwhile.clear();
    undecided.forEach(run -> arrange(run.lane(), now));
  }

  /** Nothing can be sent from the address for so long: whoever cannot wait that long hears it. */
  public void closed(Duration atLeast, long now) {
    long until = atLeast.isZero() ? LONG_AGO : now + atLeast.toNanos();
    boolean same = egressClosedUntil > until - SAME && egressClosedUntil < until + SAME;
    egressClosedUntil = until;
    if (!same && !atLeast.isZero()) {
      var hold = new Hold(Grant.Reach.EGRESS, atLeast, atLeast, 0, Duration.ZERO);
      var changed = new LinkedHashSet<Lane>();
      refuseTheLateOfAll(hold, changed, now);
      changed.forEach(lane -> arrange(lane, now));
    }
  }

  /** Nobody in line gets a turn. */
  public void refuseAll(Refusal refusal, Duration wait, long now) {
    for (Lane lane : List.copyOf(lanes.values())) {
      List.copyOf(lane.waiters().values()).forEach(waiter -> waiter.refuse(refusal, wait));
      lane.waiters().clear();
      arrange(lane, now);
    }
  }

  /** The store says that requests of the bucket can be sent after this delay. */
  public void available(BucketKey bucket, Duration delay, long now) {
    long opensAt = now + delay.toNanos();
    if (!asked.isEmpty()) {
      openedMeanwhile.merge(bucket, opensAt, Math::min);
    }
    Long before = bucketOpensAt.get(bucket);
    if (before != null && opensAt < before) {
      opensAt(bucket, opensAt, now);
      List.copyOf(lanesOf.getOrDefault(bucket, Set.of())).forEach(lane -> arrange(lane, now));
    }
  }

  /** When {@link #due} has something to say, if nothing happens before. */
  public Optional<Long> nextDue(long now) {
    long next = Long.MAX_VALUE;
    if (!ready.isEmpty()) {
      next = Math.max(now, tokenOpensAt);
    }
    if (!readyExempt.isEmpty()) {
      next = now;
    }
    if (!parked.isEmpty()) {
      next = Math.min(next, parked.first().parkedUntil().orElseThrow());
    }
    return next == Long.MAX_VALUE ? Optional.empty() : Optional.of(Math.max(next, egressOpensAt));
  }

  /**
   * Requests that wait for one bucket.
   *
   * @param route of one of them
   * @param oldest how long the one has waited that came first
   */
  record Waiting(BucketKey bucket, Route route, int requests, Duration oldest) {
    Waiting and(Waiting other) {
      return new Waiting(bucket, route, requests + other.requests, longest(oldest, other.oldest));
    }
  }

  /** Who waits for what. */
  Collection<Waiting> waiting(long now) {
    var buckets = new HashMap<BucketKey, Waiting>();
    for (Lane lane : lanes.values()) {
      if (!lane.waiters().isEmpty()) {
        long first = lane.waiters().keySet().stream().mapToLong(Place::since).min().orElse(now);
        var waiting =
            new Waiting(
                lane.bucket(),
                lane.route(),
                lane.waiters().size(),
                Duration.ofNanos(Math.max(0, now - first)));
        buckets.merge(lane.bucket(), waiting, Waiting::and);
      }
    }
    return buckets.values();
  }

  /** Whether nobody is in line and nothing is being sent in order. */
  public boolean isEmpty() {
    return lanes.isEmpty();
  }

  private Duration atLeast(Lane lane, Place place, long now) {
    return longest(lane.atLeast(before(lane, place), now), closedFor(lane.route(), now));
  }

  private static int before(Lane lane, Place place) {
    // Almost all come last, and counting the head of a tree takes long.
    boolean last = lane.waiters().isEmpty() || lane.waiters().lastKey().compareTo(place) < 0;
    return last ? lane.waiters().size() : lane.waiters().headMap(place).size();
  }

  private Lane newLane(Route route) {
    var lane = new Lane(route, orderedMessages && route.kind() == Route.Kind.CREATE_MESSAGE);
    lanesOf.computeIfAbsent(lane.bucket(), any -> new LinkedHashSet<>()).add(lane);
    return lane;
  }

  private Optional<Lane> pollOldest(long now) {
    boolean counted = tokenOpensAt <= now && !ready.isEmpty();
    if (!counted && readyExempt.isEmpty()) {
      return Optional.empty();
    }
    boolean exempt =
        !counted
            || (!readyExempt.isEmpty() && readyExempt.firstKey().compareTo(ready.firstKey()) < 0);
    Lane lane = (exempt ? readyExempt : ready).pollFirstEntry().getValue();
    return Optional.of(lane);
  }

  private Optional<Place> firstOfOthers(long now) {
    Stream<Place> counted =
        tokenOpensAt <= now && !ready.isEmpty() ? Stream.of(ready.firstKey()) : Stream.empty();
    Stream<Place> exempt =
        readyExempt.isEmpty() ? Stream.empty() : Stream.of(readyExempt.firstKey());
    return Stream.concat(counted, exempt).min(Comparator.naturalOrder());
  }

  /**
   * Takes from the lane all of one priority that come before anybody in another lane; the rest
   * stays ready.
   */
  private Asked run(Lane lane, Optional<Place> others, int atMost) {
    var waiters = new ArrayList<Waiter>();
    Optional<Place> place = lane.readyAs();
    Priority priority = place.orElseThrow().priority();
    lane.readyAs(Optional.empty());
    while (place.isPresent()
        && place.get().priority() == priority
        && isBefore(place.get(), others)
        && waiters.size() < atMost) {
      waiters.add(lane.waiters().get(place.get()));
      place = lane.isOrdered() ? Optional.empty() : lane.nextAfter(place.get());
    }
    if (place.isPresent()) {
      makeReady(lane, place.get());
    }
    return new Asked(lane, waiters);
  }

  private static boolean isBefore(Place place, Optional<Place> others) {
    return others.isEmpty() || place.compareTo(others.get()) < 0;
  }

  private List<Lease> handOut(Lane lane, List<Waiter> waiters, List<Lease> leases) {
    int next = 0;
    for (Waiter waiter : waiters) {
      if (next < leases.size() && !waiter.isSettled()) {
        if (lane.waiters().remove(waiter.place(), waiter)) {
          if (lane.isOrdered()) {
            lane.sending(Optional.of(waiter.place()));
          }
          waiter.grant(leases.get(next++));
        }
      }
    }
    return leases.subList(next, leases.size());
  }

  private void holdUp(Lane lane, Hold hold, Collection<Lane> changed, long now) {
    long opensAt = now + hold.delay().toNanos();
    switch (hold.reach()) {
      case ROUTE -> lane.opensAt(opensAt);
      case BUCKET -> {
        opensAt(
            lane.bucket(),
            Math.min(opensAt, openedMeanwhile.getOrDefault(lane.bucket(), opensAt)),
            now);
        for (Lane other : lanesOf.getOrDefault(lane.bucket(), Set.of())) {
          changed.add(other);
          other.held(Optional.of(hold), now);
          refuseTheLate(other, hold, now);
        }
      }
      case CREDENTIALS -> {
        credentialsRefusedUntil = opensAt;
        refuseTheUnauthorized(lane, hold, changed);
      }
      case TOKEN -> {
        atLimit = true;
        tokenOpensAt = opensAt;
        tokenClosedUntil = now + hold.atLeast().toNanos();
        refuseTheLateOfAll(hold, changed, now);
      }
      case EGRESS -> {
        egressOpensAt = opensAt;
        egressClosedUntil = now + hold.atLeast().toNanos();
        refuseTheLateOfAll(hold, changed, now);
      }
    }
    refuseTheLate(lane, hold, now);
  }

  /** Answers all who wait in this lane or need the caller's credentials. */
  private void refuseTheUnauthorized(Lane held, Hold hold, Collection<Lane> changed) {
    for (Lane lane : lanes.values()) {
      if (lane == held || lane.route().isAuthorisedByCaller()) {
        lane.waiters().values().forEach(w -> w.refuse(Refusal.UNAUTHORIZED, hold.delay()));
        lane.waiters().clear();
        changed.add(lane);
      }
    }
  }

  /**
   * Everybody hears of a long hold; a short one is over before it would pay to look at them all.
   */
  private void refuseTheLateOfAll(Hold hold, Collection<Lane> changed, long now) {
    if (hold.atLeast().compareTo(LONG_HOLD) < 0) {
      return;
    }
    var one = new Hold(hold.reach(), hold.delay(), hold.atLeast(), 0, Duration.ZERO);
    for (Lane other : lanes.values()) {
      if (hold.reach() == Grant.Reach.EGRESS || other.route().countsGlobally()) {
        refuseTheLate(other, one, now);
        changed.add(other);
      }
    }
  }

  /**
   * How long nothing of the route can go out whatever its lane: the caller or the address is held.
   */
  private Duration closedFor(Route route, long now) {
    long until =
        route.countsGlobally() ? Math.max(tokenClosedUntil, egressClosedUntil) : egressClosedUntil;
    return until > now ? Duration.ofNanos(until - now) : Duration.ZERO;
  }

  private static Duration longest(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private static void refuseTheLate(Lane lane, Hold hold, long now) {
    int before = 0;
    for (Waiter waiter : List.copyOf(lane.waiters().values())) {
      if (refusedForWait(waiter, hold.atLeast(before), now)) {
        lane.waiters().remove(waiter.place());
      } else {
        before++;
      }
    }
  }

  private static boolean refusedForWait(Waiter waiter, Duration wait, long now) {
    Optional<Refusal> refusal = waiter.refusalFor(wait, now);
    refusal.ifPresent(why -> waiter.refuse(why, wait));
    return refusal.isPresent();
  }

  private void governedBy(Lane lane, BucketKey bucket) {
    if (!lane.bucket().equals(bucket)) {
      leave(lane);
      lane.bucket(bucket);
      lanesOf.computeIfAbsent(bucket, any -> new LinkedHashSet<>()).add(lane);
    }
  }

  private void leave(Lane lane) {
    Set<Lane> governed = lanesOf.getOrDefault(lane.bucket(), Set.of());
    governed.remove(lane);
    if (governed.isEmpty()) {
      lanesOf.remove(lane.bucket());
      bucketOpensAt.remove(lane.bucket());
    }
  }

  private void opensAt(BucketKey bucket, long nanos, long now) {
    if (nanos <= now) {
      bucketOpensAt.remove(bucket);
    } else {
      bucketOpensAt.put(bucket, nanos);
    }
  }

  /** Puts the lane where it belongs now; an empty one is forgotten. */
  private void arrange(Lane lane, long now) {
    lane.readyAs()
        .ifPresent(place -> (lane.route().countsGlobally() ? ready : readyExempt).remove(place));
    lane.readyAs(Optional.empty());
    if (lane.parkedUntil().isPresent()) {
      parked.remove(lane);
      lane.parkedUntil(Optional.empty());
    }
    if (asked.stream().anyMatch(run -> run.lane() == lane)) {
      return; // arranged when the store has decided
    }
    if (lane.isEmpty()) {
      lanes.remove(lane.route(), lane);
      leave(lane);
      return;
    }
    Optional<Place> next = lane.first();
    if (next.isEmpty()) {
      return;
    }
    long opensAt = Math.max(lane.opensAt(), bucketOpensAt.getOrDefault(lane.bucket(), LONG_AGO));
    if (opensAt > now) {
      lane.parkedUntil(Optional.of(opensAt));
      parked.add(lane);
    } else {
      makeReady(lane, next.get());
    }
  }

  private void makeReady(Lane lane, Place place) {
    lane.readyAs(Optional.of(place));
    (lane.route().countsGlobally() ? ready : readyExempt).put(place, lane);
  }
}
