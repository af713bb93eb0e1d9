package dev.spectacles.proxy.adapter.caffeine;

import dev.spectacles.proxy.domain.cache.CacheKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Account of what each scope holds, so that none takes the room of all others. Thread-safe.
 *
 * <p>It is called in one step with each change of the cache, and never calls the cache.
 */
final class ScopeShares {
  private static final class Account {
    /** Oldest first. */
    private final Map<CacheKey, Held> answers = new LinkedHashMap<>();

    private long bytes;
  }

  private final long most;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Account> accounts = new HashMap<>();

  /**
   * Nobody holds anything.
   *
   * @param most bytes of one scope
   */
  ScopeShares(long most) {
    this.most = most;
  }

  /** Notes an answer; returns those that have to go for it, the oldest of its scope. */
  List<CacheKey> add(CacheKey key, Held added) {
    lock.lock();
    try {
      Account account = accounts.computeIfAbsent(key.scope(), scope -> new Account());
      Held before = account.answers.remove(key);
      account.bytes += added.weight() - (before == null ? 0 : before.weight());
      account.answers.put(key, added);
      var gone = new ArrayList<CacheKey>();
      Iterator<Map.Entry<CacheKey, Held>> oldest = account.answers.entrySet().iterator();
      while (account.bytes > most) {
        Map.Entry<CacheKey, Held> next = oldest.next();
        account.bytes -= next.getValue().weight();
        gone.add(next.getKey());
        oldest.remove();
      }
      return gone;
    } finally {
      lock.unlock();
    }
  }

  /** Notes that this answer is gone, unless another one is in its place. */
  void remove(CacheKey key, Held removed) {
    lock.lock();
    try {
      Account account = accounts.get(key.scope());
      if (account != null && account.answers.get(key) == removed) {
        account.answers.remove(key);
        account.bytes -= removed.weight();
        if (account.answers.isEmpty()) {
          accounts.remove(key.scope());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Number of scopes that hold anything. */
  int scopes() {
    lock.lock();
    try {
      return accounts.size();
    } finally {
      lock.unlock();
    }
  }
}
