package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.domain.cache.CacheRoutes;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What was written through this instance so lately that the gateway may not have told it yet.
 * Thread-safe, bounded.
 */
final class RecentWrites {
  private static final int MOST = 10_000;

  private final CacheRoutes routes = CacheRoutes.of(Map.of(), true);
  private final Duration recent;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final SequencedMap<String, Long> untilByTag = new LinkedHashMap<>();

  /** Until then everything counts as written: it was too much to be told apart. */
  private long allUntil;

  /**
   * None yet.
   *
   * @param recent how long the gateway may take to tell
   */
  RecentWrites(Duration recent, Clock clock) {
    this.recent = recent;
    this.clock = clock;
    this.allUntil = clock.nanoTime();
  }

  /** Hears what a request was answered. */
  void heard(ProxyRequest request, ProxyResponse response) {
    if (!request.method().is("GET")) {
      note(
          response instanceof ProxyResponse.Http answer
              ? routes.bumpedByAnswer(request, answer)
              : routes.bumpedWithoutAnswer(request));
    }
  }

  /** Hears of a request whose answer nobody knows. */
  void unanswered(ProxyRequest request) {
    note(routes.bumpedWithoutAnswer(request));
  }

  private void note(Set<String> tags) {
    lock.lock();
    try {
      long until = clock.nanoTime() + recent.toNanos();
      for (String tag : tags) {
        untilByTag.remove(tag);
        untilByTag.put(tag, until);
      }
      forgetOld();
      if (untilByTag.size() > MOST) {
        untilByTag.clear();
        allUntil = until;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether what a GET asks for was written lately. */
  boolean concern(ProxyRequest get) {
    lock.lock();
    try {
      forgetOld();
      return allUntil - clock.nanoTime() > 0
          || routes.tagsOf(get).stream().anyMatch(untilByTag::containsKey);
    } finally {
      lock.unlock();
    }
  }

  /** They are in the order of their times. */
  private void forgetOld() {
    long now = clock.nanoTime();
    while (!untilByTag.isEmpty() && untilByTag.firstEntry().getValue() - now <= 0) {
      untilByTag.pollFirstEntry();
    }
  }
}
