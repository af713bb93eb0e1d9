package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.domain.cache.CacheKey;
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
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Requests that others wait for who ask for the same. Thread-safe; a flight is not waited for by
 * more than {@value #MOST_FOLLOWERS}.
 */
final class Flights {
  static final int MOST_FOLLOWERS = 10_000;

  /**
   * What makes two requests the same.
   *
   * @param generations of its tags: a write starts a new flight
   */
  record Key(CacheKey key, List<Generation> generations, Priority priority) {
    /** When something was made invalid does not matter. */
    static Key of(CacheKey key, List<Generation> generations, Priority priority) {
      return new Key(
          key,
          generations.stream().map(g -> new Generation(g.value(), Optional.empty())).toList(),
          priority);
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
  }

  /** What a flight brought to those who waited for it. */
  sealed interface Landing {
    /** An answer that they may have. */
    record Shared(ProxyResponse.Http answer) implements Landing {}

    /** Reason to use what is stored, though it is not fresh any more. */
    record Stale(Occasion occasion) implements Landing {}

    /** Nothing for others: they have to see for themselves. */
    record Nothing() implements Landing {}

    /** It has not landed yet. */
    record NotInTime() implements Landing {}
  }

  private final Clock clock;
  private final Map<Key, Flight> flights = new ConcurrentHashMap<>();

  Flights(Clock clock) {
    this.clock = clock;
  }

  /** Joins a flight that is on its way, or leads one. */
  Part join(Key key, ProxyRequest request) {
    while (true) {
      var own = new Flight(key, request);
      Flight known = flights.putIfAbsent(key, own);
      if (known == null) {
        return new Part.Leader(own);
      }
      switch (known.enter()) {
        case ENTERED -> {
          return new Part.Follower(known);
        }
        case FULL -> {
          return new Part.Alone();
        }
        // It landed, and leaves the map just now.
        case LANDED -> flights.remove(key, known);
      }
    }
  }

  /** Leads a flight that begins now: what is on its way may be older than what is asked for. */
  Part lead(Key key, ProxyRequest request) {
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
