package dev.spectacles.proxy.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spectacles.proxy.adapter.spi.MapSection;
import dev.spectacles.proxy.application.port.out.CacheTags;
import dev.spectacles.proxy.application.port.out.CacheTagsContract;
import dev.spectacles.proxy.application.port.out.RealClock;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.testing.Relay;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisson.api.RedissonClient;

@OnEveryServer
final class RedisCacheTagsIT implements CacheTagsContract {
  private static final Duration HOUR = Duration.ofHours(1);

  private final RealClock clock = new RealClock();
  private final RedisServers.Server server;
  private RedissonClient client;
  private RedissonClient otherClient;
  private RedisCacheTags tags;
  private RedisCacheTags another;

  RedisCacheTagsIT(RedisServers.Server server) {
    this.server = server;
  }

  @BeforeEach
  void connect() throws InterruptedException {
    server.command("DEL", "sp:1:cache:secret");
    client = client(server.url());
    otherClient = client(server.url());
    tags = new RedisCacheTags(() -> client);
    another = new RedisCacheTags(() -> otherClient);
  }

  @AfterEach
  void close() {
    RedisConnections.close(client);
    RedisConnections.close(otherClient);
  }

  @Override
  public CacheTags tags() {
    return tags;
  }

  @Override
  public CacheTags another() {
    return another;
  }

  @Override
  public void pass(Duration time) throws InterruptedException {
    clock.sleep(time);
  }

  @Override
  public void forget(String tag) {
    for (String key : keys()) {
      server.command("DEL", key);
    }
  }

  @Test
  void keys_haveALifeAndDoNotTellTheTag() throws Exception {
    forget("all");
    tags.current(List.of("uri:/webhooks/1/hush-hush"));
    assertThat(keys()).hasSize(1);
    assertThat(life()).isBetween(HOUR.minusMinutes(1), HOUR);
    tags.bump(List.of("uri:/webhooks/2/hush-hush"));
    assertThat(keys()).hasSize(2).allMatch(key -> key.matches("sp:1:\\{gen}:[0-9a-f]{16}"));
    tags.secret(new byte[32]);
    assertThat(server.command("TTL", "sp:1:cache:secret")).as("for ever").isEqualTo(-1L);
  }

  @Test
  void bump_ofWhatNobodyAskedFor_isRememberedForSeconds() throws Exception {
    forget("all");
    for (int i = 0; i < 3; i++) {
      tags.bump(List.of("a"));
      assertThat(life()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30));
    }
    tags.current(List.of("a"));
    assertThat(life()).as("asked for").isBetween(HOUR.minusMinutes(1), HOUR);
  }

  @Test
  void bump_ofWhatSomebodyAskedFor_livesAsLongAsThat() throws Exception {
    forget("all");
    tags.current(List.of("a"));
    expire(Duration.ofMinutes(40));
    tags.bump(List.of("a"));
    assertThat(life()).isBetween(Duration.ofMinutes(39), Duration.ofMinutes(40));
    expire(Duration.ofSeconds(2));
    tags.bump(List.of("a"));
    assertThat(life()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30));
  }

  @Test
  void generation_thatIsAskedFor_livesOn() throws Exception {
    forget("all");
    var before = tags.current(List.of("a")).getFirst();
    expire(Duration.ofMinutes(31));
    tags.current(List.of("a"));
    assertThat(life()).as("no need yet").isLessThanOrEqualTo(Duration.ofMinutes(31));
    expire(Duration.ofMinutes(29));
    assertThat(tags.current(List.of("a"))).containsExactly(before);
    assertThat(life()).isBetween(HOUR.minusMinutes(1), HOUR);
  }

  @Test
  void serverThatComesBackEmpty_hasOtherGenerations() throws Exception {
    try (var own = RedisServers.embedded().start()) {
      RedissonClient onOwn = client(own.url());
      try {
        var known = new RedisCacheTags(() -> onOwn);
        var before = known.current(List.of("a")).getFirst();
        own.command("FLUSHALL");
        own.command("SCRIPT", "FLUSH");
        assertThat(known.current(List.of("a")).getFirst().value()).isNotEqualTo(before.value());
        own.command("SCRIPT", "FLUSH");
        known.bump(List.of("a"));
        assertThat(known.current(List.of("a")).getFirst().sinceBump()).isPresent();
      } finally {
        RedisConnections.close(onOwn);
      }
    }
  }

  @Test
  void slowServer_isWaitedForUntilWhoWaitsGivesUp() throws Exception {
    try (var relay = Relay.to(server.port())) {
      RedissonClient slow = client(relay.url("redis"));
      try {
        var waiting = new RedisCacheTags(() -> slow);
        waiting.current(List.of("a"));
        relay.delay(Duration.ofMillis(200));
        assertThat(waiting.current(List.of("a"))).hasSize(1);
        waiting.bump(List.of("a"));
        long start = System.nanoTime();
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class)
            .isThrownBy(() -> waiting.current(List.of("a")));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(300));
        relay.delay(Duration.ofMillis(2_500));
        assertThatExceptionOfType(StoreException.class)
            .isThrownBy(() -> waiting.current(List.of("a")));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
      } finally {
        RedisConnections.close(slow);
      }
    }
  }

  @Test
  void withoutServer_nobodyIsToldThatATagWasBumped() {
    var unreachable =
        new RedisCacheTags(
            () -> {
              throw new NotReachedException();
            });
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> unreachable.current(List.of("a")));
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> unreachable.bump(List.of("a")));
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> unreachable.secret(new byte[32]));
  }

  /** Of the only key. */
  private Duration life() {
    return Duration.ofMillis((Long) server.command("PTTL", keys().getFirst()));
  }

  private void expire(Duration left) {
    server.command("PEXPIRE", keys().getFirst(), Long.toString(left.toMillis()));
  }

  private List<String> keys() {
    return ((List<?>) server.command("KEYS", "sp:1:{gen}:*"))
        .stream().map(String::valueOf).toList();
  }

  private static RedissonClient client(String url) throws InterruptedException {
    return RedisConnections.limiter(
        RedisSettings.of(new MapSection(RedisSettings.keys(), Map.of("url", url))), "tags-test");
  }
}
