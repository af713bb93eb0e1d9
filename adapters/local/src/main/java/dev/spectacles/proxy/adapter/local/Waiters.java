package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.domain.ratelimit.Priority;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Instances that wait for the same thing, in the order of their oldest requests. Not thread-safe;
 * times in microseconds.
 */
final class Waiters {
  /** An instance that has not come this long after it was told to is not waited for. */
  private static final long GRACE = 300_000;

  private static final Comparator<Entry> ORDER =
      Comparator.comparing(Entry::priority)
          .thenComparingLong(Entry::since)
          .thenComparing(Entry::instance);

  /**
   * Instance that waits.
   *
   * @param since when its first in line began to wait
   * @param toldAt until when it was told to wait
   * @param want how many it has in line
   * @param call claims of which call noted it
   */
  record Entry(String instance, Priority priority, long since, long toldAt, int want, long call) {
    private Entry and(Entry other) {
      Entry first = ORDER.compare(this, other) <= 0 ? this : other;
      return new Entry(
          instance,
          first.priority,
          first.since,
          Math.min(toldAt, other.toldAt),
          want + other.want,
          call);
    }

    /**
     * What waits on when so many got their turn. How long the next of them has waited is not known:
     * with the age of one that is gone the instance would come first again, and would not take what
     * is kept for it.
     */
    Entry left(int granted, long now) {
      return new Entry(instance, priority, granted > 0 ? now : since, toldAt, want - granted, call);
    }

    /** The same, told to wait until then. */
    Entry told(long newToldAt) {
      return new Entry(instance, priority, since, newToldAt, want, call);
    }
  }

  private final Map<String, Entry> entries = new HashMap<>();

  /** Notes an instance as waiting; what it said in another call no longer counts. */
  void put(Entry entry) {
    Entry before = entries.get(entry.instance());
    entries.put(
        entry.instance(),
        before != null && before.call() == entry.call() ? before.and(entry) : entry);
  }

  /** The instance waits no longer, unless it said otherwise in this call. */
  void remove(String instance, long call) {
    Entry before = entries.get(instance);
    if (before != null && before.call() != call) {
      entries.remove(instance);
    }
  }

  /** Until when the instance was told to wait in this call, if it was. */
  Optional<Long> toldInCall(Entry claimed) {
    return Optional.ofNullable(entries.get(claimed.instance()))
        .filter(entry -> entry.call() == claimed.call())
        .map(Entry::toldAt);
  }

  void expire(long now) {
    entries.values().removeIf(entry -> entry.toldAt() + GRACE <= now);
  }

  /** Those that come before this one. */
  List<Entry> before(Entry newcomer) {
    return entries.values().stream()
        .filter(entry -> !entry.instance().equals(newcomer.instance()))
        .filter(entry -> ORDER.compare(entry, newcomer) < 0)
        .toList();
  }

  /** Of what is available, how much is left for those that come before. */
  int reserved(Entry newcomer, int available) {
    int share = Math.max(1, available / (others(newcomer) + 1));
    return before(newcomer).stream().mapToInt(entry -> Math.min(share, entry.want())).sum();
  }

  /** When one of those that come before has not come in time. */
  Optional<Long> missedAt(Entry newcomer) {
    return before(newcomer).stream().map(entry -> entry.toldAt() + GRACE).min(Long::compare);
  }

  /** All, the first to come first. */
  List<Entry> inOrder() {
    var all = new ArrayList<>(entries.values());
    all.sort(ORDER);
    return all;
  }

  void told(String instance, long at) {
    entries.computeIfPresent(instance, (name, entry) -> entry.told(at));
  }

  void clear() {
    entries.clear();
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  private int others(Entry newcomer) {
    return entries.size() - (entries.containsKey(newcomer.instance()) ? 1 : 0);
  }
}
