package dev.spectacles.proxy.bootstrap;

import dev.spectacles.proxy.adapter.discord.DiscordSettings;
import dev.spectacles.proxy.adapter.discord.JdkDiscordApi;
import dev.spectacles.proxy.adapter.local.DegradingRateLimitStore;
import dev.spectacles.proxy.adapter.local.LocalRateLimitStore;
import dev.spectacles.proxy.adapter.spi.LimitStores;
import dev.spectacles.proxy.adapter.wire.SendCodec;
import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.DiscordApi;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.RateLimitStore;
import dev.spectacles.proxy.application.service.EgressGuard;
import dev.spectacles.proxy.application.service.GatewayAnswers;
import dev.spectacles.proxy.application.service.GatewayFeed;
import dev.spectacles.proxy.application.service.HandleRequestService;
import dev.spectacles.proxy.application.service.HeldBudget;
import dev.spectacles.proxy.application.service.PartsReadiness;
import dev.spectacles.proxy.application.service.RateLimiter;
import dev.spectacles.proxy.application.service.RestCache;
import dev.spectacles.proxy.application.service.ServeBroker;
import dev.spectacles.proxy.application.service.ServeSends;
import dev.spectacles.proxy.bootstrap.config.Config;
import dev.spectacles.proxy.bootstrap.config.Plugins;
import dev.spectacles.proxy.domain.ratelimit.InvalidLimit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service: every part of it, put together from top to bottom. */
final class ProxyApplication {
  private static final Logger LOG = LoggerFactory.getLogger(ProxyApplication.class);

  /** Of the drain time, what is kept for closing connections after the requests have ended. */
  private static final Duration CLOSING = Duration.ofSeconds(2);

  /** An outage of the limiter's store that nobody has to know of. */
  private static final Duration BRIEF = Duration.ofSeconds(1);

  private final Config config;
  private final Plugins plugins;
  private final Clock clock;
  private final Lifecycle lifecycle;
  private final PartsReadiness readiness = new PartsReadiness();
  private final ReentrantLock stopping = new ReentrantLock();
  private boolean stopped;

  /** Not started yet. */
  ProxyApplication(Config config, Plugins plugins, Clock clock) {
    this.config = config;
    this.plugins = plugins;
    this.clock = clock;
    this.lifecycle = new Lifecycle(clock);
  }

  /**
   * Starts to serve; a broker that is down does not keep it from starting.
   *
   * @param whenEnded run when the broker will bring no requests any more
   */
  void start(Runnable whenEnded) throws LifecycleException {
    Optional<Watched> watched =
        config.metrics().isPresent()
            ? Optional.of(Watched.open(config, config.metrics().get(), lifecycle, readiness, clock))
            : Optional.empty();
    ProxyEvents events = watched.map(Watched::events).orElse(ProxyEvents.NOOP);
    var discord = lifecycle.open("discord", () -> new JdkDiscordApi(discordSettings(), clock));
    String instance = Instances.name();
    LimitStores stores =
        lifecycle.open(
            "limiter store",
            () ->
                plugins
                    .stores()
                    .ofType(config.rateLimit().store())
                    .open(Instances.storeContext(config, instance, clock)));
    var guard =
        new EgressGuard(
            stores.egress(), new InvalidLimit(config.rateLimit().invalidLimit()), clock, events);
    RateLimitStore store = degrading(stores, events);
    watchLimits(stores.limits());
    var limiter =
        lifecycle.open(
            "limiter",
            () ->
                new RateLimiter(
                    store, guard, clock, mostPerLane(), config.rateLimit().orderedMessages()));
    Broker broker =
        lifecycle.open(
            "broker",
            () ->
                plugins
                    .brokers()
                    .ofType(config.broker().type())
                    .open(Instances.context(config, instance, stores.markers(), clock, whenEnded)));
    readiness.needs(broker::absence);
    var caches = new Caches(config, plugins, lifecycle, instance, events, clock);
    Optional<RestCache> rest = caches.rest(stores);
    Optional<Caches.Gateway> gateway = caches.gateway(broker, rest, discord);
    DiscordApi sending = behindLimiter(discord, rest, gateway);
    var service =
        new HandleRequestService(
            limiter,
            sending,
            clock,
            events,
            () -> ThreadLocalRandom.current().nextDouble(),
            config.rateLimit().maxWait());
    HandleRequest handler = beforeLimiter(service, discord, rest, gateway);
    // Before the broker starts: it has to know then what is read.
    Optional<ServeSends> sends =
        config
            .gateway()
            .map(it -> new ServeSends(broker, SendCodec::decode, clock, events, it.shardCount()));
    var held = new HeldBudget(config.broker().maxHeld(), config.broker().maxHeldBytes());
    var server =
        lifecycle.open(
            "requests",
            () -> new ServeBroker(broker, handler, clock, events, serverSettings(), held));
    if (watched.isPresent()) {
      watched
          .get()
          .look(
              new Watched.Parts(guard, limiter, stores.limits(), broker, server::held, gateway),
              instance);
    }
    var door = new Door(config, handler, held, clock, events);
    lifecycle.start("callers over HTTP", door::open, within -> door.stop(forRequests(within)));
    lifecycle.start("reading", server::start, within -> drain(server, within));
    if (gateway.isPresent()) {
      GatewayFeed feed = gateway.get().feed();
      lifecycle.start("gateway events", feed::start, feed::stop);
    }
    if (sends.isPresent()) {
      lifecycle.start("gateway sends", sends.get()::start, sends.get()::stop);
    }
    // The last to begin and the first to end, so that both kinds of requests drain together.
    lifecycle.start("HTTP", door::listen, within -> door.drain());
    readiness.started();
    LOG.info(
        "serving broker={} group={} event={} limiter={} cache={} gateway={} api={}/v{}",
        config.broker().type(),
        config.broker().group(),
        config.broker().event(),
        config.rateLimit().store(),
        config.cache().rest().enabled() ? config.cache().rest().store() : "off",
        config.cache().gateway().map(Config.Cache.FromGateway::store).orElse("off"),
        config.discord().apiUrl(),
        config.discord().apiVersion());
  }

  /**
   * Stops reading, gives requests in flight the drain time to end, and lets go of the rest.
   *
   * <p>Who comes while it stops waits for that; who comes later has nothing to do.
   */
  void stop() {
    stopping.lock();
    try {
      if (stopped) {
        return;
      }
      stopped = true;
      readiness.stopping();
      LOG.info("stopping within={}", config.drainTimeout());
      List<LifecycleException> failures = lifecycle.stop(config.drainTimeout().plus(CLOSING));
      failures.forEach(failure -> LOG.warn("stop incomplete: {}", failure.getMessage(), failure));
      LOG.info("stopped");
    } finally {
      stopping.unlock();
    }
  }

  /** What goes on alone while the shared store is away, unless that is not wanted. */
  private RateLimitStore degrading(LimitStores stores, ProxyEvents events) {
    if (!config.rateLimit().degradesToLocal() || config.rateLimit().store().equals("local")) {
      return stores.limits();
    }
    var part =
        LocalRateLimitStore.ofPart(clock, config.rateLimit().global(), stores.limits()::instances);
    return new DegradingRateLimitStore(stores.limits(), part, clock, events);
  }

  /**
   * A proxy that goes on alone is ready; one that fails each request until the store is back is
   * not.
   */
  private void watchLimits(RateLimitStore shared) {
    if (config.rateLimit().degradesToLocal()) {
      readiness.notes(() -> storeAway(shared, "this instance goes on with its part of each limit"));
    } else {
      readiness.needs(() -> storeAway(shared, "no request can be sent"));
    }
  }

  private static Optional<String> storeAway(RateLimitStore shared, String consequence) {
    return shared
        .unreachableFor()
        .filter(away -> away.compareTo(BRIEF) >= 0)
        .map(away -> "limiter store away for " + away.toSeconds() + " s: " + consequence);
  }

  /** What sends requests, and sees what they change and what is answered. */
  private static DiscordApi behindLimiter(
      DiscordApi discord, Optional<RestCache> rest, Optional<Caches.Gateway> gateway) {
    DiscordApi invalidating = rest.map(it -> it.behindLimiter(discord)).orElse(discord);
    return gateway
        .map(it -> it.feed().behindLimiter(invalidating, it.answers()))
        .orElse(invalidating);
  }

  /** What answers without asking Discord where it can. */
  private static HandleRequest beforeLimiter(
      HandleRequest service,
      DiscordApi discord,
      Optional<RestCache> rest,
      Optional<Caches.Gateway> gateway) {
    if (gateway.isEmpty()) {
      return rest.map(it -> it.beforeLimiter(service, discord))
          .orElseGet(() -> RestCache.none(service));
    }
    GatewayAnswers answers = gateway.get().answers().beforeLimiter(service);
    HandleRequest before = rest.map(it -> it.beforeGateway(answers, discord)).orElse(answers);
    return gateway.get().answers().beforeAll(before, rest.isPresent(), gateway.get().feed());
  }

  private static void drain(ServeBroker server, Duration within) throws InterruptedException {
    int left = server.stop(forRequests(within));
    if (left > 0) {
      LOG.warn("requests left to other instances: {}", left);
    }
  }

  private static Duration forRequests(Duration within) {
    Duration left = within.minus(CLOSING);
    return left.isPositive() ? left : Duration.ZERO;
  }

  private int mostPerLane() {
    long share = (long) config.broker().maxHeld() * config.broker().maxBucketShare() / 100;
    return (int) Math.max(1, share);
  }

  private ServeBroker.Settings serverSettings() {
    return new ServeBroker.Settings(
        config.broker().maxHeld(),
        config.broker().maxHeldBytes(),
        config.broker().maxAge(),
        config.timeout());
  }

  private DiscordSettings discordSettings() {
    return new DiscordSettings(
        config.discord().apiUrl(),
        config.discord().apiVersion(),
        config.discord().timeout(),
        config.discord().maxResponseBytes(),
        config.discord().userAgent());
  }
}
