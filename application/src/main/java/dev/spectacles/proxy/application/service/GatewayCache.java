package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.DiscordApi;
import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.JsonReader;
import dev.spectacles.proxy.domain.request.Headers;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Answers from what the gateway told, in two parts: one right before the limiter, which answers
 * Discord's own routes, and one before everything, for requests below {@code /@cache}. Thread-safe.
 *
 * <p>The store is closed by whoever opened it.
 */
public final class GatewayCache implements AutoCloseable {
  private final KeptEntities entities;
  private final GatewayParts parts;

  /**
   * Answers from this store.
   *
   * @param lag how far behind what is kept is
   * @param counters those of the cache of REST answers, if there is one
   * @param discord knows the URLs
   */
  public GatewayCache(
      EntityStore store,
      JsonReader reader,
      GatewaySettings settings,
      Supplier<Duration> lag,
      CacheCounters counters,
      DiscordApi discord,
      ProxyEvents events,
      Clock clock) {
    this.entities = new KeptEntities(store, reader, settings.keeping(), settings.patience(), clock);
    this.parts =
        new GatewayParts(
            entities,
            new FeedingBot(clock),
            new RecentWrites(settings.maxLag(), clock),
            settings,
            lag,
            discord::url,
            counters,
            events,
            clock);
  }

  /** Answers, or has Discord asked. */
  public GatewayAnswers beforeLimiter(HandleRequest next) {
    return new GatewayAnswers(next, parts);
  }

  /**
   * Answers requests below {@code /@cache}.
   *
   * @param restCache whether there is a cache of REST answers behind it
   */
  public HandleRequest beforeAll(HandleRequest next, boolean restCache, Purges purges) {
    return new CacheDesk(next, restCache, parts, purges);
  }

  /** How many guilds are kept; empty if the store does not tell. Asks the store. */
  public OptionalLong guilds() throws InterruptedException {
    Optional<KeptEntities.Feed> feed = entities.feed();
    if (feed.isEmpty()) {
      return OptionalLong.empty();
    }
    return entities
        .read(from -> from.usage(feed.get().app()))
        .map(usage -> usage.get(EntityType.GUILD))
        .map(guilds -> OptionalLong.of(guilds.entities()))
        .orElseGet(OptionalLong::empty);
  }

  /** Whether these say that they are of the bot whose gateway is heard. */
  boolean isBots(Headers headers) throws InterruptedException {
    Optional<KeptEntities.Feed> feed = entities.feed();
    return feed.isPresent()
        && parts.bot().trust(headers, feed.get().userId()) != FeedingBot.Trust.STRANGER;
  }

  /** Ends its threads. */
  @Override
  public void close() {
    entities.close();
  }
}
