package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.domain.cache.CacheKey;
import dev.spectacles.proxy.domain.cache.CacheStatus;
import dev.spectacles.proxy.domain.cache.Generation;
import dev.spectacles.proxy.domain.cache.Reuse.Occasion;
import dev.spectacles.proxy.domain.ratelimit.Priority;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Requests that others wait for who ask for the same. Thread-safe; a flight is not waited for by
 * more than {@value #MOST_FOLLOWERS}.
 */
final class Flights {
  static final int MOST_FOLLOWERS = 10_000;
  private static final int COUNTERS = 1024;

  /**
   * What makes two requests the same.
   *
   * @param generations of its tags: a write starts a new flight
   * @param impatient whether an answer that is not fresh is taken instead of a noticeable wait: who
   *     has one does not wait for as long as who has none
   */
  record Key(CacheKey key, List<Generation> generations, Priority priority, boolean impatient) {
    /** When something was made invalid does not matter. */
    static Key of(
        CacheKey key, List<Generation> generations, Priority priority, boolean impatient) {
      return new Key(
          key,
          generations.stream().map(g -> new Generation(g.value(), Optional.empty())).toList(),
          priority,
          impatient);
    }
  }

  /** A request's part in a flight. */
  sealed interface Part {
    /** It goes out itself, and has to {@link Flight#land}. */
    record Leader(Flight flight) implements Part {}

    /** It waits for what another brings. */
    record Follower(Flight flight) implements Part {}

    /** It goes out by itself, and nobody waits for it. */
    record Alone() implements Part {}

    /** One landed since it was looked up what is stored: that may be the answer. */
    record Late() implements Part {}
  }

  /** What a flight brought to those who waited for it. */
  sealed interface Landing {
    /** An answer that they may have. */
    record Shared(ProxyResponse.Http answer) implements Landing {}

    /**
     * Reason to use what is stored, though it is not fresh any more.
     *
     * @param status what the cache had to do with that
     */
    record Stale(Occasion occasion, CacheStatus status) implements Landing {}

    /** Nothing for others: they have to see for themselves. */
    record Nothing() implements Landing {}

    /** It has not landed yet. */
    record NotInTime() implements Landing {}
  }

  private final Clock clock;
  private final Map<Key, Flight> flights = new ConcurrentHashMap<>();

  /** How many brought an answer, by the hash of its key. */
  private final AtomicIntegerArray landings = new AtomicIntegerArray(COUNTERS);

  Flights(Clock clock) {
    this.clock = clock;
  }

  /** Number that changes when a flight for this answer lands. */
  int landings(CacheKey key) {
    return landings.get(counter(key));
  }

  private static int counter(CacheKey key) {
    return Math.floorMod(key.hashCode(), COUNTERS);
  }

  /**
   * Joins a flight that is on its way, or leads one.
   *
   * @param known what {@link #landings} was before it was looked up what is stored
   */
  Part join(Key key, ProxyRequest request, int known) {
    while (true) {
      var own = new Flight(key, request);
      Flight other = flights.putIfAbsent(key, own);
      if (other == null) {
        if (landings(key.key()) == known) {
          return new Part.Leader(own);
        }
        own.land(new Landing.Nothing());
        return new Part.Late();
      }
      switch (other.enter()) {
        case ENTERED -> {
          return new Part.Follower(other);
        }
        case FULL -> {
          return new Part.Alone();
        }
        // It landed, and leaves the map just now.
        case LANDED -> flights.remove(key, other);
      }
    }
  }

  /** Leads a flight that begins now: what is on its way may be older than what is asked for. */
  Part.Leader lead(Key key, ProxyRequest request) {
    var own = new Flight(key, request);
    flights.put(key, own);
    return new Part.Leader(own);
  }

  private enum Entry {
    ENTERED,
    FULL,
    LANDED
  }

  /** One of them. */
  final class Flight {
    private final Key key;
    private final ProxyRequest request;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition landed = lock.newCondition();
    private Landing landing = new Landing.NotInTime();
    private int followers;

    private Flight(Key key, ProxyRequest request) {
      this.key = key;
      this.request = request;
    }

    /** The one that was sent. */
    ProxyRequest request() {
      return request;
    }

    /** Ends it, for all who wait for it. */
    void land(Landing brought) {
      if (brought instanceof Landing.Shared) {
        // First of all: who finds that it landed, or does not find it any more, has to know of it.
        landings.incrementAndGet(counter(key.key()));
      }
      lock.lock();
      try {
        landing = brought;
        landed.signalAll();
      } finally {
        lock.unlock();
      }
      flights.remove(key, this);
    }

    /** Waits until it has landed, or the deadline passes. */
    Landing await(Deadline deadline) throws InterruptedException {
      lock.lockInterruptibly();
      try {
        while (!isOver()) {
          Optional<Duration> left = deadline.remaining(clock.nanoTime());
          if (left.isEmpty()) {
            landed.await();
          } else if (left.get().isZero() || landed.awaitNanos(left.get().toNanos()) <= 0) {
            return landing;
          }
        }
        return landing;
      } finally {
        lock.unlock();
      }
    }

    private boolean isOver() {
      return !(landing instanceof Landing.NotInTime);
    }

    private Entry enter() {
      lock.lock();
      try {
        if (isOver()) {
          return Entry.LANDED;
        }
        if (followers >= MOST_FOLLOWERS) {
          return Entry.FULL;
        }
        followers++;
        return Entry.ENTERED;
      } finally {
        lock.unlock();
      }
    }
  }
}
