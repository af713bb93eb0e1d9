package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.port.out.CacheTags;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.DiscordApi;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.ResponseStore;
import dev.spectacles.proxy.application.port.out.StoredResponseDecoder;
import dev.spectacles.proxy.application.port.out.StoredResponseEncoder;
import dev.spectacles.proxy.domain.cache.CacheRoutes;
import java.util.Collection;

/**
 * Cache of Discord's answers to GETs, in two parts: one before the limiter, which answers or
 * shares, and one behind it, which sees what is written. Thread-safe.
 *
 * <p>The store and the tags are closed by whoever opened them.
 */
public final class RestCache implements AutoCloseable {
  private final ResponseCache cache;
  private final TagBumps bumps;
  private final Refreshes refreshes = new Refreshes();
  private final CacheRoutes routes;
  private final CacheSettings settings;
  private final ProxyEvents events;
  private final Clock clock;
  private final CacheCounters counters = new CacheCounters();

  /** Cache over this store. */
  public RestCache(
      ResponseStore store,
      CacheTags tags,
      StoredResponseEncoder encoder,
      StoredResponseDecoder decoder,
      CacheRoutes routes,
      CacheSettings settings,
      ProxyEvents events,
      Clock clock) {
    this.bumps = new TagBumps(tags, clock);
    this.cache =
        new ResponseCache(
            store, tags, bumps, encoder, decoder, clock, settings.secret(), settings.patience());
    this.routes = routes;
    this.settings = settings;
    this.events = events;
    this.clock = clock;
  }

  /** Sends requests, and makes invalid what they change. */
  public DiscordApi behindLimiter(DiscordApi discord) {
    return new InvalidatingDiscordApi(discord, bumps, routes, cache);
  }

  /**
   * Answers from what is stored, or has Discord asked.
   *
   * @param discord knows the URLs
   */
  public HandleRequest beforeLimiter(HandleRequest next, DiscordApi discord) {
    return before(next, OtherCache.NONE, discord);
  }

  /**
   * The same, before what answers from what the gateway told.
   *
   * @param discord knows the URLs
   */
  public HandleRequest beforeGateway(GatewayAnswers next, DiscordApi discord) {
    return before(next, next, discord);
  }

  /** Where answers came from; for all that answer GETs. */
  public CacheCounters counters() {
    return counters;
  }

  private HandleRequest before(HandleRequest next, OtherCache other, DiscordApi discord) {
    var parts =
        new CacheParts(
            next,
            other,
            cache,
            new Flights(clock),
            refreshes,
            routes,
            settings,
            discord::url,
            counters,
            events,
            clock);
    var webhooks = new WebhookCircuit(clock);
    var admin = new CacheAdmin(cache, bumps, webhooks, counters, settings, clock);
    return new CachingHandler(parts, admin, webhooks, bumps);
  }

  /** Makes stored answers invalid that bear one of these tags, now or as soon as it can be told. */
  public void changed(Collection<String> tags) throws InterruptedException {
    bumps.bump(tags);
  }

  /** Where there is no cache: Discord gets all requests but those to the cache itself. */
  public static HandleRequest none(HandleRequest next) {
    return new NoCache(next);
  }

  /** Ends its threads. */
  @Override
  public void close() {
    refreshes.close();
    bumps.close();
    cache.close();
  }
}
