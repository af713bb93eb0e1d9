package dev.spectacles.proxy.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spectacles.proxy.adapter.spi.MapSection;
import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.EntityStoreContract;
import dev.spectacles.proxy.application.port.out.RealClock;
import dev.spectacles.proxy.application.port.out.StaleLeaderException;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.application.service.EventCorpusContract;
import dev.spectacles.proxy.domain.entity.AppState;
import dev.spectacles.proxy.domain.entity.Burial;
import dev.spectacles.proxy.domain.entity.Change;
import dev.spectacles.proxy.domain.entity.Change.Bury;
import dev.spectacles.proxy.domain.entity.Change.Drop;
import dev.spectacles.proxy.domain.entity.Change.Note;
import dev.spectacles.proxy.domain.entity.Change.Put;
import dev.spectacles.proxy.domain.entity.Change.Remove;
import dev.spectacles.proxy.domain.entity.Change.ReplaceAll;
import dev.spectacles.proxy.domain.entity.EntityKey;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildChanges;
import dev.spectacles.proxy.domain.entity.GuildRecord;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.entity.GuildState.Standing;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.testing.CapturedLog;
import dev.spectacles.proxy.testing.Eventually;
import dev.spectacles.proxy.testing.Relay;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@OnEveryServer
final class RedisEntityStoreIT implements EntityStoreContract, EventCorpusContract {
  private static final Body LARGE = Body.of("x".repeat(1_000));

  private final RealClock clock = new RealClock();
  private final String feed = "feed-" + UUID.randomUUID();
  private final RedisServers.Server server;
  private RedisEntityStore store;
  private RedisEntityStore another;

  RedisEntityStoreIT(RedisServers.Server server) {
    this.server = server;
  }

  @BeforeEach
  void connect() throws Exception {
    store = open(server.url());
    another = open(server.url());
  }

  @AfterEach
  void close() {
    store.close();
    another.close();
  }

  @Override
  public EntityStore store() {
    return store;
  }

  @Override
  public EntityStore another() {
    return another;
  }

  @Override
  public Optional<EntityStore> withRoomFor(long bytes) {
    return Optional.empty();
  }

  @Override
  public void pass(Duration time) throws InterruptedException {
    clock.sleep(time);
  }

  @Override
  public Instant now() {
    return clock.wallTime();
  }

  @Test
  void layout_isReadableByOthers() throws Exception {
    long leader = store.lead(LONG).orElseThrow();
    String app = "7" + System.nanoTime();
    String prefix = "sp1:" + app + ":";
    long channel = (5L << 22) + 3;
    var state =
        new GuildState(Standing.AVAILABLE, 10, 20, true, false, Map.of(EntityType.CHANNEL, 1));
    store.keep(
        leader,
        app,
        new AppState(
            Body.of("{\"id\":\"9\"}"), 9, 16, 1_700_000_000_000L, Set.of(EntityType.ROLE)));
    apply(
        leader,
        app,
        new Put(EntityType.GUILD, GUILD, Body.of("{\"name\":\"g\"}")),
        new Put(EntityType.CHANNEL, channel, Body.of("{\"name\":\"c\"}")),
        new Bury(new Burial(EntityType.ROLE, 4), now().toEpochMilli() + 60_000),
        new Note(state));

    assertThat(fields(prefix + "meta"))
        .containsEntry("schema", "1")
        .containsEntry("encoding", "json")
        .containsEntry("buckets", "16384")
        .containsEntry("shards", "16")
        .containsEntry("user_id", "9")
        .containsEntry("caught_up_ms", "1700000000000");
    assertThat(server.command("GET", prefix + "self")).isEqualTo("{\"id\":\"9\"}");
    assertThat(list("ZRANGE", prefix + "guilds", 0, -1)).containsExactly(Long.toString(GUILD));
    String guild = prefix + "{" + GUILD + "}:";
    assertThat(server.command("GET", guild + "guild")).isEqualTo("{\"name\":\"g\"}");
    assertThat(fields(guild + "channels"))
        .containsExactly(Map.entry(Long.toString(channel), "{\"name\":\"c\"}"));
    assertThat(fields(guild + "meta"))
        .containsEntry("state", "available")
        .containsEntry("synced_ms", "10")
        .containsEntry("event_ms", "20")
        .containsEntry("members_complete", "1")
        .containsEntry("guild_complete", "0")
        .containsEntry("n_channels", "1");
    assertThat(fields(guild + "tomb")).containsOnlyKeys("roles:4");
    assertThat((Long) server.command("PTTL", guild + "tomb")).isBetween(86_000_000L, 86_400_000L);
    assertThat(server.command("HGET", prefix + "cidx:5", channel)).isEqualTo(Long.toString(GUILD));

    apply(leader, app, new Drop());
    assertThat(list("KEYS", prefix + "*"))
        .containsExactlyInAnyOrder(prefix + "meta", prefix + "self");
  }

  @Test
  void changes_areTold() throws Exception {
    String app = "7" + System.nanoTime();
    try (var subscriber = new RespConnection(server.port())) {
      subscriber.command("SUBSCRIBE", "sp1:" + app + ":inv");
      apply(
          store.lead(LONG).orElseThrow(),
          app,
          new Put(EntityType.ROLE, 1, Body.of("1")),
          new Remove(EntityType.CHANNEL, 2),
          new ReplaceAll(EntityType.EMOJI, new TreeMap<>()),
          new Note(GuildState.UNKNOWN));
      String g = Long.toString(GUILD);
      assertThat(((List<?>) subscriber.read()).getLast())
          .isEqualTo(
              String.join(
                  "\n",
                  g + " roles 1 put",
                  g + " channels 2 remove",
                  g + " emojis * replace",
                  g + " meta * put"));
    }
  }

  @Test
  void writeThatWasOvertaken_changesNothing() throws Exception {
    String app = "7" + System.nanoTime();
    long leader = store.lead(LONG).orElseThrow();
    apply(leader, app, new Put(EntityType.ROLE, 1, Body.of("1")));
    server.command("HSET", "sp1:" + app + ":{" + GUILD + "}:meta", "write", "1000000");
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> apply(leader, app, new Put(EntityType.ROLE, 1, Body.of("2"))))
        .withMessageContaining("overtaken");
    assertThat(store.get(app, List.of(new EntityKey(GUILD, EntityType.ROLE, 1))))
        .containsExactly(Optional.of(Body.of("1")));
  }

  @Test
  void fullServer_takesInNoNewGuild_andForgetsNothing() throws Exception {
    try (var own = server.sibling();
        var onOwn = open(own.url())) {
      long leader = onOwn.lead(LONG).orElseThrow();
      var there = new GuildChanges(GUILD, List.of(new Put(EntityType.GUILD, GUILD, LARGE)));
      var other = new GuildChanges(GUILD + 1, List.of(new Put(EntityType.GUILD, GUILD + 1, LARGE)));
      assertThat(onOwn.apply(leader, "1", List.of(there))).isEmpty();
      own.command("CONFIG", "SET", "maxmemory", "1");
      assertThat(onOwn.apply(leader, "1", List.of(other))).containsExactly(GUILD + 1);
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> onOwn.apply(leader, "1", List.of(there)))
          .withMessageContaining("full");
      assertThat(onOwn.guilds("1", 0, 10)).containsExactly(GUILD);
      assertThat(onOwn.records("1", List.of(GUILD + 1))).containsExactly(GuildRecord.NONE);
      onOwn.apply(leader, "1", List.of(new GuildChanges(GUILD, List.of(new Drop()))));
      own.command("CONFIG", "SET", "maxmemory", "0");
      assertThat(onOwn.guilds("1", 0, 10)).isEmpty();
      assertThat(onOwn.apply(leader, "1", List.of(other))).isEmpty();
    }
  }

  @Test
  void serverThatComesBackEmpty_isToldOfAndWrittenToAgain() throws Exception {
    try (var log = new CapturedLog(Outage.class);
        var own = server.sibling();
        var onOwn = open(own.url())) {
      long leader = onOwn.lead(LONG).orElseThrow();
      var changes = List.of(new GuildChanges(GUILD, List.of(new Put(EntityType.ROLE, 1, LARGE))));
      onOwn.apply(leader, "1", changes);
      own.kill();
      Eventually.holds("told", () -> fails(onOwn) && log.text().contains("WARN"));
      own.startAgain();
      Eventually.holds("back", () -> !fails(onOwn));
      assertThatExceptionOfType(StaleLeaderException.class)
          .isThrownBy(() -> onOwn.apply(leader, "1", changes));
      long next = onOwn.lead(LONG).orElseThrow();
      assertThat(next).isGreaterThan(leader);
      assertThat(onOwn.apply(next, "1", changes)).isEmpty();
      assertThat(log.text()).doesNotContain("xxx");
    }
  }

  @Test
  void serverThatDoesNotAnswer_isNotWaitedForLong() throws Exception {
    try (var relay = Relay.to(server.port());
        var onRelay = open(relay.url("redis"))) {
      relay.delay(Duration.ofSeconds(2));
      long start = System.nanoTime();
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> onRelay.records("1", List.of(GUILD)))
          .withMessageContaining("no answer within 1000ms");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1_800));
    }
  }

  @Test
  void serverThatMayEvict_isWarnedAbout() throws Exception {
    try (var log = new CapturedLog(EntitySession.class);
        var own = server.sibling("--maxmemory-policy", "allkeys-lru");
        var onOwn = open(own.url())) {
      assertThat(onOwn.app()).isEmpty();
      assertThat(log.text()).contains("WARN").contains("allkeys-lru").contains("noeviction");
    }
  }

  private void apply(long leader, String app, Change... changes) throws InterruptedException {
    store.apply(leader, app, List.of(new GuildChanges(GUILD, List.of(changes))));
  }

  private static boolean fails(EntityStore store) throws InterruptedException {
    try {
      store.app();
      return false;
    } catch (StoreException e) {
      return true;
    }
  }

  private Map<String, String> fields(String hash) {
    List<String> all = list("HGETALL", hash);
    var fields = new TreeMap<String, String>();
    for (int i = 0; i < all.size(); i += 2) {
      fields.put(all.get(i), all.get(i + 1));
    }
    return fields;
  }

  private List<String> list(Object... command) {
    return ((List<?>) server.command(command)).stream().map(String::valueOf).toList();
  }

  private RedisEntityStore open(String url) throws InterruptedException {
    var settings = RedisSettings.of(new MapSection(RedisSettings.keys(), Map.of("url", url)));
    var opened = new RedisEntityStore(settings, "entities-test", feed, clock).start();
    assertThat(opened.awaitConnection(Duration.ofSeconds(10))).isTrue();
    return opened;
  }
}
