package dev.spectacles.proxy.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spectacles.proxy.adapter.caffeine.CaffeineCacheStoreProvider;
import dev.spectacles.proxy.adapter.local.LocalBrokerProvider;
import dev.spectacles.proxy.adapter.spi.BrokerContext;
import dev.spectacles.proxy.adapter.spi.EntityStoreContext;
import dev.spectacles.proxy.adapter.wire.EntityJson;
import dev.spectacles.proxy.adapter.wire.GatewayPayload;
import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.DiscordApi;
import dev.spectacles.proxy.application.port.out.DiscordException;
import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.service.AnswerMode;
import dev.spectacles.proxy.application.service.CacheCounters;
import dev.spectacles.proxy.application.service.GatewayCache;
import dev.spectacles.proxy.application.service.GatewayFeed;
import dev.spectacles.proxy.application.service.GatewaySettings;
import dev.spectacles.proxy.application.service.Purges.Purge;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.entity.answer.Keeping;
import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.HttpMethod;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.QueryParameter;
import dev.spectacles.proxy.domain.route.RouteResolver;
import dev.spectacles.proxy.simulator.world.WorldEvent;
import dev.spectacles.proxy.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The cache of what a gateway tells, of its real parts, with a broker and a store in memory; by a
 * clock that begins when worlds do.
 */
final class FedCache implements AutoCloseable {
  private static final int LARGEST = 16 << 20;
  private static final long MOST_BYTES = 1L << 30;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String ANY = "the test's";

  private final ManualClock clock = new ManualClock();
  private final Broker broker;
  private final EntityStore store;
  private final GatewayFeed feed;
  private final GatewayCache cache;
  private final HandleRequest handler;
  private final AtomicInteger dropped = new AtomicInteger();
  private final List<String> tags = new CopyOnWriteArrayList<>();
  private volatile ProxyResponse.Http fromDiscord = answer(200, "\"discord\"");

  /** Keeps all types, prefers to answer, and is relaxed. */
  FedCache() throws InterruptedException {
    this(MOST_BYTES);
  }

  /** The same with room for this many bytes. */
  FedCache(long room) throws InterruptedException {
    broker =
        new LocalBrokerProvider()
            .open(
                new BrokerContext(
                    ANY,
                    Optional.empty(),
                    "REQUEST",
                    ANY,
                    1,
                    Optional.empty(),
                    PATIENCE,
                    new NoSection(),
                    clock));
    store =
        new CaffeineCacheStoreProvider()
            .openEntities(new EntityStoreContext(ANY, ANY, room, new NoSection(), clock))
            .orElseThrow();
    var reader = new EntityJson(LARGEST);
    var events =
        new ProxyEvents() {
          @Override
          public void eventDropped() {
            dropped.incrementAndGet();
          }
        };
    Set<EntityType> types = EnumSet.allOf(EntityType.class);
    feed =
        new GatewayFeed(
            broker,
            store,
            reader,
            new GatewayFeed.Source(
                Optional.empty(),
                "",
                types,
                true,
                Duration.ofHours(1),
                new GatewayPayload(LARGEST)::decode),
            this::bumped,
            events,
            clock);
    var discord = new AskedDiscord();
    var settings =
        new GatewaySettings(
            ANY, AnswerMode.PREFER, true, PATIENCE, new Keeping(types, true), PATIENCE);
    cache =
        new GatewayCache(
            store, reader, settings, feed::lag, new CacheCounters(), discord, events, clock);
    DiscordApi learning = feed.behindLimiter(discord, cache);
    HandleRequest limiter =
        (request, route, deadline, marker) -> {
          try {
            return learning.send(request, deadline, () -> {});
          } catch (DiscordException e) {
            throw new AssertionError("Discord is never away here", e);
          }
        };
    handler = cache.beforeAll(cache.beforeLimiter(limiter), false, feed);
    broker.start();
    feed.start();
  }

  private void bumped(Collection<String> some) {
    tags.addAll(some);
  }

  /** Publishes each at its time. */
  void publish(List<WorldEvent> events) throws InterruptedException {
    for (WorldEvent event : events) {
      pass(Duration.ofMillis(event.millis() - clock.wallTime().toEpochMilli()));
      publish(event.name(), event.json());
    }
  }

  /** Lets this much time pass, if any. */
  void pass(Duration time) throws InterruptedException {
    clock.sleep(time);
  }

  void publish(String name, String json) throws InterruptedException {
    broker.publish(name, json.getBytes(UTF_8));
  }

  boolean purge(Purge what) throws InterruptedException {
    return feed.purge(what);
  }

  /** Waits until all that was published is kept. */
  void catchUp() throws Exception {
    long published = clock.wallTime().toEpochMilli();
    Eventually.holds(
        "all is kept",
        () -> {
          pass(Duration.ofMillis(10));
          return clock.wallTime().minus(feed.lag()).toEpochMilli() > published;
        });
  }

  /** Events that were not kept. */
  int dropped() {
    return dropped.get();
  }

  /** Tags of answers that are not valid any more. */
  List<String> tags() {
    return tags;
  }

  String app() throws InterruptedException {
    return store.app().orElseThrow();
  }

  List<Long> guilds() throws InterruptedException {
    return store.guilds(app(), 0, 10_000);
  }

  GuildState state(long guild) throws InterruptedException {
    return store.records(app(), List.of(guild)).getFirst().state();
  }

  /** Bytes of all that is kept. */
  long bytes() throws InterruptedException {
    return store.usage(app()).values().stream().mapToLong(EntityStore.Usage::bytes).sum();
  }

  /** JSON of all that is kept of a guild. */
  Map<EntityType, SortedMap<Long, String>> kept(long guild) throws InterruptedException {
    var kept = new EnumMap<EntityType, SortedMap<Long, String>>(EntityType.class);
    store
        .all(app(), guild, List.of(EntityType.values()))
        .forEach(
            (type, entities) -> {
              var json = new TreeMap<Long, String>();
              entities.forEach((id, body) -> json.put(id, body.utf8()));
              kept.put(type, json);
            });
    return kept;
  }

  /** What Discord answers from now on. */
  void discordSays(int code, String body) {
    fromDiscord = answer(code, body);
  }

  /** Answer to a bot's GET, which may have a query. */
  ProxyResponse.Http get(long bot, String target, Map<String, String> headers) throws Exception {
    return ask("GET", bot, target, headers);
  }

  ProxyResponse.Http ask(String method, long bot, String target, Map<String, String> headers)
      throws Exception {
    var all = new LinkedHashMap<String, String>();
    all.put("authorization", token(bot));
    all.putAll(headers);
    String[] parts = target.split("\\?", 2);
    var query = new ArrayList<QueryParameter>();
    if (parts.length == 2) {
      String[] pair = parts[1].split("=", 2);
      query.add(new QueryParameter(pair[0], pair[1]));
    }
    var request =
        new ProxyRequest(
            HttpMethod.parse(method),
            ApiPath.parse(parts[0]),
            query,
            Headers.of(all),
            Body.empty(),
            Optional.empty());
    return (ProxyResponse.Http)
        handler.handle(
            request,
            RouteResolver.resolve(request, clock.wallTime()),
            Deadline.none(),
            HandleRequest.SentMarker.NONE);
  }

  /** Whether it is from what the gateway told. */
  static boolean isTold(ProxyResponse.Http answer) {
    return answer
        .headers()
        .first("cache-status")
        .filter("spectacles; hit; detail=gateway"::equals)
        .isPresent();
  }

  static String token(long bot) {
    String id = Long.toUnsignedString(bot);
    return "Bot "
        + Base64.getUrlEncoder().withoutPadding().encodeToString(id.getBytes(US_ASCII))
        + ".x.secret";
  }

  private static ProxyResponse.Http answer(int code, String body) {
    return new ProxyResponse.Http(code, Headers.empty(), "", Body.of(body));
  }

  @Override
  public void close() {
    try {
      feed.stop(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    cache.close();
    broker.close();
    store.close();
  }

  /** Says what the test wants it to. */
  private final class AskedDiscord implements DiscordApi {
    @Override
    public ProxyResponse.Http send(
        ProxyRequest request, Deadline deadline, WriteListener listener) {
      return fromDiscord;
    }

    @Override
    public String url(ProxyRequest request) {
      return request.path().value();
    }

    @Override
    public void close() {}
  }
}
