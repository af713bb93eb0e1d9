package dev.spectacles.proxy.application.port.out;

import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;

/**
 * Listener for what the proxy does, in its own words, for metrics.
 *
 * <p>Called on the threads that do the work: must be fast, thread-safe and must not throw. Every
 * {@link #requestReceived} is followed by one {@link #requestFinished}, but for requests that are
 * left to another instance.
 */
public interface ProxyEvents {
  /** Listener that ignores everything. */
  ProxyEvents NOOP = new ProxyEvents() {};

  /** A request was taken from the broker. */
  default void requestReceived() {}

  /** A request is settled; the route is that of an unreadable one if it had none. */
  default void requestFinished(Route route, ProxyResponse response, Duration elapsed) {}

  /** A GET was answered from there. */
  default void answeredFrom(Route route, CacheSource source) {}

  /** So many requests more wait for their turn, or fewer if negative. */
  default void rateLimitWaiting(int change) {}

  /** So many requests more are with Discord, or fewer if negative. */
  default void inFlight(int change) {}

  /** A request was let through by the limiter after this long. */
  default void rateLimitWaited(Route route, Duration waited) {}

  /** Discord answered 429. */
  default void rateLimited(Route route, TooManyRequests.Scope scope) {}

  /** A request is sent to Discord again. */
  default void retried(Route route) {}

  /** An answer found nobody to receive it. */
  default void replyLost() {}

  /** A request was taken over from an instance that went away. */
  default void redelivered() {}

  /** A request was too old to execute when it was delivered for the first time. */
  default void expiredUnsent() {}

  /** A packet for the gateway was published under its shard. */
  default void sendPublished() {}

  /** A packet for the gateway could not be read. */
  default void sendDropped() {}

  /** A packet for the gateway could not be published now, or not be acked: it comes again. */
  default void sendFailed() {}

  /** How many requests of the address Discord counts as invalid now. */
  default void invalidRequests(long inWindow) {}

  /** Whether Cloudflare's ban of the address is on. */
  default void egressBlocked(boolean blocked) {}

  /** How many requests are held now, and their bytes. */
  default void held(int requests, long bytes) {}

  /** So many events of the gateway are kept. */
  default void eventsIngested(int count) {}

  /** An event of the gateway was not kept: unreadable, another bot's, or no room for its guild. */
  default void eventDropped() {}

  /** How long ago everything that was told is kept. */
  default void ingestLag(Duration lag) {}

  /** Rate limits are not shared with other instances from now on, or are again. */
  default void degraded(boolean alone) {}
}
