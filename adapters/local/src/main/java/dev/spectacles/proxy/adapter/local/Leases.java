package dev.spectacles.proxy.adapter.local;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.domain.ratelimit.BucketHash;
import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Leases of one caller that are out. Not thread-safe; times in microseconds. */
final class Leases {
  /**
   * Lease that is out.
   *
   * @param bucket bucket that governs its route now
   * @param sentAt when it was noted in the global log
   */
  record Out(Route route, BucketKey bucket, long sentAt, long expiry) {}

  /** Lease that went from one bucket to another. */
  record Move(BucketKey from, BucketKey to) {}

  /** The first to expire first, as all live equally long. */
  private final Map<Long, Out> out = new LinkedHashMap<>();

  void add(long id, Out lease) {
    out.put(id, lease);
  }

  Optional<Out> get(long id) {
    return Optional.ofNullable(out.get(id));
  }

  Optional<Out> remove(long id) {
    return Optional.ofNullable(out.remove(id));
  }

  boolean renew(long id, long expiry) {
    Out before = out.remove(id);
    if (before == null) {
      return false;
    }
    out.put(id, new Out(before.route(), before.bucket(), before.sentAt(), expiry));
    return true;
  }

  void sent(long id, long at) {
    Out before = requireNonNull(out.get(id));
    out.replace(id, new Out(before.route(), before.bucket(), at, before.expiry()));
  }

  /** Takes out those that have expired. */
  List<Out> expire(long now) {
    var expired = new ArrayList<Out>();
    var all = out.values().iterator();
    while (all.hasNext()) {
      Out lease = all.next();
      if (lease.expiry() > now) {
        break;
      }
      all.remove();
      expired.add(lease);
    }
    return expired;
  }

  Optional<Long> firstExpiry() {
    return out.values().stream().map(Out::expiry).findFirst();
  }

  /** Leases of a route count where it belongs now, whatever the resource. */
  List<Move> move(RouteKey route, String from, BucketHash to) {
    var moves = new ArrayList<Move>();
    out.replaceAll(
        (id, lease) -> {
          if (!lease.route().key().equals(route) || !lease.bucket().name().equals(from)) {
            return lease;
          }
          BucketKey key = BucketKey.of(to, lease.bucket().major());
          moves.add(new Move(lease.bucket(), key));
          return new Out(lease.route(), key, lease.sentAt(), lease.expiry());
        });
    return moves;
  }

  boolean isEmpty() {
    return out.isEmpty();
  }
}
