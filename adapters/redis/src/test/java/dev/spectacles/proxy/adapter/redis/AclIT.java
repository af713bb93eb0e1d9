package dev.spectacles.proxy.adapter.redis;

import static dev.spectacles.proxy.application.port.out.Requests.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.adapter.spi.LimitStores;
import dev.spectacles.proxy.adapter.spi.MapSection;
import dev.spectacles.proxy.adapter.spi.RateLimitStoreContext;
import dev.spectacles.proxy.adapter.spi.RequestClient;
import dev.spectacles.proxy.application.port.out.Broker;
import dev.spectacles.proxy.application.port.out.CacheTags;
import dev.spectacles.proxy.application.port.out.Delivery;
import dev.spectacles.proxy.application.port.out.EventFeed;
import dev.spectacles.proxy.application.port.out.EventFeedContract;
import dev.spectacles.proxy.application.port.out.RateLimitStore;
import dev.spectacles.proxy.application.port.out.RealClock;
import dev.spectacles.proxy.application.port.out.SentMarkers;
import dev.spectacles.proxy.domain.cache.CacheKey;
import dev.spectacles.proxy.domain.entity.AppState;
import dev.spectacles.proxy.domain.entity.Burial;
import dev.spectacles.proxy.domain.entity.Change;
import dev.spectacles.proxy.domain.entity.EntityKey;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildChanges;
import dev.spectacles.proxy.domain.entity.GuildState;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.EgressReport;
import dev.spectacles.proxy.domain.ratelimit.GlobalLimits;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import dev.spectacles.proxy.testing.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A Redis user who may do what the README says, and no more, is enough. */
@Tag("redis")
class AclIT {
  private static final Pattern COMMANDS = Pattern.compile("```acl\n(.*?)```", Pattern.DOTALL);

  @Test
  void userOfTheReadme_mayDoAllThatIsNeeded() throws Exception {
    try (var server = RedisServers.embedded().start();
        var admin = new RespConnection(server.port())) {
      var rules = new ArrayList<Object>(List.of("ACL", "SETUSER", "proxy", "on", ">secret"));
      rules.addAll(List.of("~REQUEST*", "~sp:*", "~sp1:*", "resetchannels"));
      rules.addAll(List.of("&REQUEST:*", "&sp:1:*", "&sp1:*"));
      rules.addAll(commands());
      assertThat(admin.command(rules.toArray())).isEqualTo("OK");
      var section =
          new MapSection(
              RedisSettings.keys(),
              Map.of("url", "redis://proxy:secret@127.0.0.1:" + server.port()));

      serve(section);
      limit(section);
      keep(section);
      keepEntities(section);

      // Redisson tries once whether a script may name this key, and goes on if it may not.
      assertThat((List<?>) admin.command("ACL", "LOG"))
          .allSatisfy(refused -> assertThat(refused).asString().contains("test1"));
    }
  }

  @Test
  void workerOfThePageOnTheGatewaysCache_mayReadAndNoMore() throws Exception {
    try (var server = RedisServers.embedded().start();
        var admin = new RespConnection(server.port());
        var worker = new RespConnection(server.port())) {
      List<String> user = commands("../../docs/reading-the-gateway-cache.md");
      assertThat(admin.command(user.toArray())).isEqualTo("OK");
      admin.command("HSET", "sp1:1:meta", "schema", "1");
      assertThat(worker.command("AUTH", "worker", "password")).isEqualTo("OK");

      assertThat(worker.command("MULTI")).isEqualTo("OK");
      worker.command("HGETALL", "sp1:1:meta");
      worker.command("HLEN", "sp1:1:{5}:roles");
      assertThat((List<?>) worker.command("EXEC")).hasSize(2);
      worker.command("MULTI");
      assertThat(worker.command("DISCARD")).isEqualTo("OK");
      worker.command("ZRANGE", "sp1:1:guilds", "0", "-1");
      worker.command("INFO");
      worker.command("PSUBSCRIBE", "sp1:*");
      worker.command("PUNSUBSCRIBE", "sp1:*");
      worker.command("SUBSCRIBE", "sp1:1:inv");
      worker.command("UNSUBSCRIBE", "sp1:1:inv");
      assertThat(worker.command("PING")).isEqualTo("PONG");
      assertThat((List<?>) admin.command("ACL", "LOG")).isEmpty();

      for (List<String> refused :
          List.of(
              List.of("HSET", "sp1:1:meta", "schema", "2"),
              List.of("GET", "sp:1:limits"),
              List.of("KEYS", "*"),
              List.of("PUBLISH", "sp1:1:inv", "1"),
              List.of("SUBSCRIBE", "other"))) {
        assertThatThrownBy(() -> worker.command(refused.toArray()))
            .as("%s", refused)
            .hasMessageContaining("NOPERM");
      }
    }
  }

  private static List<String> commands() throws Exception {
    return commands("README.md");
  }

  private static List<String> commands(String page) throws Exception {
    Matcher found = COMMANDS.matcher(Files.readString(Path.of(page)));
    assertThat(found.find()).isTrue();
    return List.of(found.group(1).strip().split("\\s+"));
  }

  private static void serve(MapSection section) throws Exception {
    var provider = new RedisBrokerProvider();
    try (Broker broker = provider.open(TestContexts.of(section, "acl"));
        RequestClient client = provider.connect(TestContexts.of(section, "client"));
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      EventFeed one = broker.feed("one", List.of("REQUEST.A"), EventFeed.Share.ONE_INSTANCE);
      EventFeed all = broker.feed("all", List.of("REQUEST.A"), EventFeed.Share.EVERY_INSTANCE);
      broker.start();
      broker.publish("REQUEST.A", new byte[] {1});
      assertThat(EventFeedContract.take(one, 1)).hasSize(1);
      assertThat(EventFeedContract.take(all, 1)).hasSize(1);
      var call =
          new RequestClient.Call(
              "POST", "/channels/1/messages", Map.of(), Map.of(), Optional.empty());
      var answer = callers.submit(() -> client.call(call, Duration.ofSeconds(20)));
      List<Delivery> taken = List.of();
      while (taken.isEmpty()) {
        taken = broker.receive(1, Duration.ofSeconds(5));
      }
      assertThat(broker.backlog()).hasValue(0);
      assertThat(taken.getFirst().mayHaveBeenSent()).isFalse();
      taken.getFirst().markSent();
      taken
          .getFirst()
          .reply(new ProxyResponse.Failure(ResponseStatus.REQUEST_FAILURE, "as expected"));
      assertThat(answer.get(20, TimeUnit.SECONDS)).isPresent();
    }
  }

  private static void limit(MapSection section) throws Exception {
    var context =
        new RateLimitStoreContext(
            "acl", "default", GlobalLimits.ofAll(50), section, new RealClock());
    try (LimitStores stores = new RedisRateLimitStoreProvider().open(context)) {
      RateLimitStore limits = stores.limits();
      Eventually.holds("connected", () -> limits.unreachableFor().isEmpty());
      var token = new TokenId("acl");
      var route = route("GET", "/channels/1/alpha");
      Lease lease =
          limits.claim(token, List.of(new Claim(route, 1))).getFirst().leases().getFirst();
      assertThat(limits.restamp(lease)).isTrue();
      limits.renew(List.of(lease));
      limits.release(lease, new Outcome.Unknown(), Duration.ofMillis(10));
      limits.learnGlobalLimit(token, 60);
      assertThat(limits.peek(token, List.of(route))).hasSize(1);
      stores.egress().report(new EgressReport.Invalid());
      stores.egress().report(new EgressReport.Banned(Duration.ofSeconds(1), Optional.empty()));
      SentMarkers markers = stores.markers().orElseThrow();
      assertThat(markers.mark("acl", "owner")).isTrue();
      assertThat(markers.mark("acl", "another")).isFalse();
      markers.answered("acl");
      Eventually.holds("answered", () -> markers.state("acl") == SentMarkers.State.ANSWERED);
      CacheTags tags = stores.tags().orElseThrow();
      assertThat(tags.current(List.of("all"))).hasSize(1);
      tags.bump(List.of("all"));
      assertThat(tags.current(List.of("all")).getFirst().sinceBump()).isPresent();
      assertThat(tags.secret(new byte[32])).hasSize(32);
    }
  }

  private static void keep(MapSection section) throws Exception {
    var key = new CacheKey("anon", "0a1b");
    try (var answers =
        new RedisResponseStore(RedisSettings.of(section), "acl", 1_000, new RealClock()).start()) {
      assertThat(answers.awaitConnection(Duration.ofSeconds(10))).isTrue();
      answers.put(key, new byte[10], Duration.ofSeconds(10));
      assertThat(answers.get(key)).isPresent();
      assertThat(answers.usage().entries()).isEqualTo(1);
    }
  }

  private static void keepEntities(MapSection section) throws Exception {
    var clock = new RealClock();
    long channel = 7L << 22;
    var all = new TreeMap<>(Map.of(channel, Body.of("{}")));
    try (var entities =
        new RedisEntityStore(RedisSettings.of(section), "acl", "acl", clock).start()) {
      assertThat(entities.awaitConnection(Duration.ofSeconds(10))).isTrue();
      long leader = entities.lead(Duration.ofSeconds(10)).orElseThrow();
      entities.keep(leader, "1", new AppState(Body.of("{}"), 1, 1, 1, Set.of()));
      assertThat(entities.app()).hasValue("1");
      assertThat(entities.appState("1")).isPresent();
      List<Change> told =
          List.of(
              new Change.Put(EntityType.GUILD, 5, Body.of("{}")),
              new Change.ReplaceAll(EntityType.CHANNEL, all),
              new Change.Remove(EntityType.ROLE, 1),
              new Change.Bury(
                  new Burial(EntityType.ROLE, 1), clock.wallTime().toEpochMilli() + 60_000),
              new Change.Note(GuildState.UNKNOWN));
      entities.apply(leader, "1", List.of(new GuildChanges(5, told)));
      assertThat(entities.guilds("1", 0, 1)).containsExactly(5L);
      assertThat(entities.records("1", List.of(5L)).getFirst().buried()).hasSize(1);
      var types = List.of(EntityType.GUILD, EntityType.CHANNEL);
      assertThat(entities.all("1", 5, types).get(EntityType.CHANNEL)).isEqualTo(all);
      assertThat(entities.get("1", List.of(new EntityKey(5, EntityType.CHANNEL, channel))))
          .containsExactly(Optional.of(Body.of("{}")));
      assertThat(entities.guildsOf("1", List.of(channel))).containsExactly(OptionalLong.of(5));
      assertThat(entities.usage("1").get(EntityType.CHANNEL).entities()).isEqualTo(1);
      entities.apply(leader, "1", List.of(new GuildChanges(5, List.of(new Change.Drop()))));
      entities.resign();
    }
  }
}
