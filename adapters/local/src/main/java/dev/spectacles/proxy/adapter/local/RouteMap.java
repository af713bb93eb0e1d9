package dev.spectacles.proxy.adapter.local;

import dev.spectacles.proxy.domain.ratelimit.BucketHash;
import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.BucketProfile;
import dev.spectacles.proxy.domain.ratelimit.Model;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which bucket each route belongs to, as Discord's answers told; the least recently used are
 * forgotten. Not thread-safe; times in microseconds.
 */
final class RouteMap {
  /** Stands for the limit of routes whose answers carry no limit headers: requests in flight. */
  static final BucketProfile UNLIMITED = BucketProfile.withLimit(50, Model.UNKNOWN);

  private static final int MOST_ROUTES = 5_000;

  /** A hash not seen for so long gives way to another at once. */
  private static final long SILENT = 60_000_000;

  private sealed interface Known {
    /** Answers carry no limit headers. */
    record Unlimited() implements Known {}

    /**
     * Answers name this hash.
     *
     * @param rival another hash that the last answer named
     */
    record Hashed(BucketHash hash, Optional<BucketHash> rival, long lastSeen) implements Known {}
  }

  private final Map<RouteKey, Known> routes =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<RouteKey, Known> eldest) {
          return size() > MOST_ROUTES;
        }
      };

  BucketKey bucketOf(Route route) {
    return routes.get(route.key()) instanceof Known.Hashed hashed
        ? BucketKey.of(hashed.hash(), route.major())
        : BucketKey.provisional(route);
  }

  boolean isUnlimited(Route route) {
    return routes.get(route.key()) instanceof Known.Unlimited;
  }

  boolean isHashed(Route route) {
    return routes.get(route.key()) instanceof Known.Hashed;
  }

  void answeredWithoutLimit(Route route) {
    // Some answers of a limited route lack the headers: only an unknown route is taken to be free.
    routes.putIfAbsent(route.key(), new Known.Unlimited());
  }

  /**
   * An answer named this hash. One answer does not turn a known route over: Discord names another
   * hash on some 404s and by a message's age (discord-api-docs #8330). A refusal never does: it may
   * name a second limit that guards the route (#7394).
   *
   * @return whether the route belongs to another bucket than before
   */
  boolean answered(Route route, BucketHash hash, boolean refused, long now) {
    if (!(routes.get(route.key()) instanceof Known.Hashed known)) {
      routes.put(route.key(), new Known.Hashed(hash, Optional.empty(), now));
      return true;
    }
    if (refused && !known.hash().equals(hash)) {
      return false;
    }
    boolean turnsOver =
        known.rival().filter(hash::equals).isPresent() || now - known.lastSeen() > SILENT;
    if (known.hash().equals(hash) || turnsOver) {
      routes.put(route.key(), new Known.Hashed(hash, Optional.empty(), now));
      return !known.hash().equals(hash);
    }
    routes.put(route.key(), new Known.Hashed(known.hash(), Optional.of(hash), known.lastSeen()));
    return false;
  }

  int size() {
    return routes.size();
  }
}
