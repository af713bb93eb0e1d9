package dev.spectacles.proxy.adapter.redis;

import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.domain.entity.AppState;
import dev.spectacles.proxy.domain.entity.EntityKey;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildChanges;
import dev.spectacles.proxy.domain.entity.GuildRecord;
import dev.spectacles.proxy.domain.request.Body;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.concurrent.CancellationException;
import org.redisson.api.RFuture;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/**
 * Entities in Redis, under keys that programs in any language read, shared by all instances that
 * use the same server. What they take in all is for the server's {@code maxmemory} to bound.
 * Thread-safe; changes of one guild have to come from one thread at a time.
 */
final class RedisEntityStore implements EntityStore {
  private static final Duration READ_BOUND = Duration.ofSeconds(1);
  private static final Duration WRITE_BOUND = Duration.ofSeconds(3);
  private static final int RUN_BYTES = 6;

  private final Outage outage;
  private final Link<EntitySession> link;
  private final CacheCalls reads;
  private final EntityWrites writes;
  private final FeedKeys feed;

  /** Who leads, told apart from an earlier store of an instance of the same name. */
  private final String me;

  private volatile boolean closed;

  RedisEntityStore(RedisSettings settings, String instance, String feed, Clock clock) {
    this.outage = new Outage(settings.url().servers(), clock);
    this.link =
        new Link<>(
            () -> EntitySession.open(settings, instance), outage, clock, session -> outage.over());
    this.reads = new CacheCalls(this::client, READ_BOUND, this::watch);
    this.feed = new FeedKeys(feed);
    this.writes =
        new EntityWrites(
            new CacheCalls(this::client, WRITE_BOUND, this::watch),
            this.feed,
            settings.url().topology() != RedisUrl.Topology.CLUSTER);
    var random = new byte[RUN_BYTES];
    new SecureRandom().nextBytes(random);
    this.me = instance + ":" + HexFormat.of().formatHex(random);
  }

  /** Connects in the background. */
  RedisEntityStore start() {
    link.start();
    return this;
  }

  /** Waits until the server was reached once; whether it was. */
  boolean awaitConnection(Duration wait) throws InterruptedException {
    return link.await(wait).isPresent();
  }

  @Override
  public Reach reach() {
    return Reach.ALL_INSTANCES;
  }

  @Override
  public OptionalLong lead(Duration lease) throws InterruptedException {
    List<Object> number =
        reads.run(
            "Asking for the lead",
            Script.LEAD,
            List.of(feed.leader(), feed.number()),
            me,
            Math.max(1, lease.toMillis()));
    return number.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong((String) number.getFirst()));
  }

  @Override
  public void resign() throws InterruptedException {
    reads.run("Resigning", Script.RESIGN, List.of(feed.leader(), feed.number()), me);
  }

  @Override
  public Optional<String> app() throws InterruptedException {
    return Optional.ofNullable(
        reads.call(
            "Reading the application",
            client -> client.<String>getBucket(feed.app(), StringCodec.INSTANCE).getAsync()));
  }

  @Override
  public Optional<AppState> appState(String app) throws InterruptedException {
    return of(app).state();
  }

  @Override
  public void keep(long leader, String app, AppState state) throws InterruptedException {
    writes.keep(leader, app, state);
  }

  @Override
  public List<Long> guilds(String app, long after, int atMost) throws InterruptedException {
    return of(app).guilds(after, atMost);
  }

  @Override
  public List<GuildRecord> records(String app, List<Long> guilds) throws InterruptedException {
    return guilds.isEmpty() ? List.of() : of(app).records(guilds);
  }

  @Override
  public List<Optional<Body>> get(String app, List<EntityKey> keys) throws InterruptedException {
    return keys.isEmpty() ? List.of() : of(app).get(keys);
  }

  @Override
  public Map<EntityType, SortedMap<Long, Body>> all(String app, long guild, List<EntityType> types)
      throws InterruptedException {
    return types.isEmpty() ? Map.of() : of(app).all(guild, types);
  }

  @Override
  public Map<Long, Map<EntityType, SortedMap<Long, Body>>> all(
      String app, Map<Long, List<EntityType>> types) throws InterruptedException {
    return of(app).all(types);
  }

  @Override
  public List<OptionalLong> guildsOf(String app, List<Long> channels) throws InterruptedException {
    return channels.isEmpty() ? List.of() : of(app).guildsOf(channels);
  }

  @Override
  public List<Long> apply(long leader, String app, List<GuildChanges> changes)
      throws InterruptedException {
    return writes.apply(leader, app, changes);
  }

  @Override
  public Map<EntityType, Usage> usage(String app) throws InterruptedException {
    return of(app).usage();
  }

  @Override
  public void close() {
    closed = true;
    link.close();
  }

  /** Also of a call that nobody waits for any more, it is told whether the server is away. */
  private void watch(RFuture<?> call) {
    long attempt = outage.attempt();
    call.whenComplete(
        (result, failure) -> {
          if (failure == null) {
            outage.over(attempt);
          } else if (!closed && !(failure instanceof CancellationException)) {
            outage.noticed(failure);
          }
        });
  }

  private EntityReads of(String app) {
    return new EntityReads(reads, app);
  }

  private RedissonClient client() {
    return link.session().map(EntitySession::client).orElseThrow(NotReachedException::new);
  }
}
