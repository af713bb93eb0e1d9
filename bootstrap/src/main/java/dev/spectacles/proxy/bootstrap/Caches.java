package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.adapter.spi.CacheStoreProvider;
import dev.spectacles.proxy.adapter.spi.EntityStoreContext;
import dev.spectacles.proxy.adapter.spi.LimitStores;
import dev.spectacles.proxy.adapter.wire.EntityJson;
import dev.spectacles.proxy.adapter.wire.GatewayPayload;
import dev.spectacles.proxy.adapter.wire.StoredResponseCodec;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.DiscordApi;
import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.ResponseStore;
import dev.spectacles.proxy.application.service.CacheCounters;
import dev.spectacles.proxy.application.service.CacheSettings;
import dev.spectacles.proxy.application.service.GatewayCache;
import dev.spectacles.proxy.application.service.GatewayFeed;
import dev.spectacles.proxy.application.service.GatewaySettings;
import dev.spectacles.proxy.application.service.RestCache;
import dev.spectacles.proxy.bootstrap.config.Config;
import dev.spectacles.proxy.bootstrap.config.Plugins;
import dev.spectacles.proxy.domain.cache.CacheRoutes;
import dev.spectacles.proxy.domain.cache.StaleLimits;
import dev.spectacles.proxy.domain.entity.answer.Keeping;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the caches that are wanted, and what they need. */
final class Caches {
  /** What the gateway tells: kept by the one, answered from by the other. */
  record Gateway(GatewayFeed feed, GatewayCache answers) {}

  private static final Logger LOG = LoggerFactory.getLogger(Caches.class);

  /** Largest event; a guild with all members online is a few. Source: CACHE.md, section 7. */
  private static final int LARGEST_EVENT = 64 << 20;

  /** Part of the memory that one token gets. */
  private static final int SHARE = 4;

  private final Config config;
  private final Plugins plugins;
  private final Lifecycle lifecycle;
  private final String instance;
  private final ProxyEvents events;
  private final Clock clock;

  Caches(
      Config config,
      Plugins plugins,
      Lifecycle lifecycle,
      String instance,
      ProxyEvents events,
      Clock clock) {
    this.config = config;
    this.plugins = plugins;
    this.lifecycle = lifecycle;
    this.instance = instance;
    this.events = events;
    this.clock = clock;
  }

  /** Cache of Discord's answers. */
  Optional<RestCache> rest(LimitStores stores) throws LifecycleException {
    Config.Cache.Rest rest = config.cache().rest();
    if (!rest.enabled()) {
      return Optional.empty();
    }
    ResponseStore store =
        lifecycle.open(
            "cache store",
            () ->
                plugins
                    .cacheStores()
                    .ofType(rest.store())
                    .open(Instances.cacheStoreContext(config, instance, clock)));
    if (rest.store().equals("memory") && rest.maxEntryBytes() > rest.maxBytes() / SHARE) {
      LOG.warn(
          "cache.rest.max_entry_bytes: {} (expected: a quarter of cache.rest.max_bytes, {}, at"
              + " most): one token gets no more, so larger answers are not kept",
          rest.maxEntryBytes(),
          rest.maxBytes());
    }
    if (stores.tags().isEmpty() && rest.store().equals("redis")) {
      LOG.warn(
          "cache.rest.store: redis with ratelimit.store: {} (expected: redis): writes through"
              + " other instances make no answer of this one invalid, and instances replace each"
              + " other's answers",
          config.rateLimit().store());
    }
    var settings =
        new CacheSettings(
            rest.store(),
            config.discord().apiVersion(),
            config.cache().secret().map(secret -> secret.getBytes(StandardCharsets.UTF_8)),
            rest.strict(),
            rest.negative403(),
            new StaleLimits(rest.staleWhileLimited(), rest.staleIfError()),
            rest.settle(),
            rest.lookupTimeout());
    return Optional.of(
        lifecycle.open(
            "cache",
            () ->
                new RestCache(
                    store,
                    Instances.cacheTags(stores, clock),
                    StoredResponseCodec::encode,
                    StoredResponseCodec::decode,
                    CacheRoutes.of(rest.ttl(), false),
                    settings,
                    events,
                    clock)));
  }

  /** Cache of what the gateway tells; the broker must not be started. */
  Optional<Gateway> gateway(Broker broker, Optional<RestCache> rest, DiscordApi discord)
      throws LifecycleException {
    if (config.cache().gateway().isEmpty()) {
      return Optional.empty();
    }
    Config.Cache.FromGateway wanted = config.cache().gateway().get();
    EntityStore store = lifecycle.open("entity store", () -> entityStore(wanted));
    var reader = new EntityJson(LARGEST_EVENT);
    var feed =
        new GatewayFeed(
            broker,
            store,
            reader,
            new GatewayFeed.Source(
                wanted.app(),
                wanted.prefix(),
                wanted.types(),
                wanted.messages(),
                wanted.ttl(),
                new GatewayPayload(LARGEST_EVENT)::decode),
            tags -> {
              if (rest.isPresent()) {
                rest.get().changed(tags);
              }
            },
            events,
            clock);
    var settings =
        new GatewaySettings(
            wanted.store(),
            wanted.answer(),
            wanted.relaxed(),
            wanted.maxLag(),
            new Keeping(wanted.types(), wanted.messages()),
            config.cache().rest().lookupTimeout());
    GatewayCache answers =
        lifecycle.open(
            "gateway answers",
            () ->
                new GatewayCache(
                    store,
                    reader,
                    settings,
                    feed::lag,
                    rest.map(RestCache::counters).orElseGet(CacheCounters::new),
                    discord,
                    events,
                    clock));
    return Optional.of(new Gateway(feed, answers));
  }

  private EntityStore entityStore(Config.Cache.FromGateway wanted) {
    CacheStoreProvider provider = plugins.cacheStores().ofType(wanted.store());
    var context =
        new EntityStoreContext(
            instance,
            config.broker().group() + ":" + wanted.prefix(),
            wanted.maxBytes(),
            wanted.section(),
            clock);
    return provider
        .openEntities(context)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "cache.gateway.store: "
                        + wanted.store()
                        + " (expected: one that opens what its provider says it keeps)"));
  }
}
