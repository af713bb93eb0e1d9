package dev.spectacles.proxy.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spectacles.proxy.adapter.spi.MapSection;
import dev.spectacles.proxy.application.port.out.RealClock;
import dev.spectacles.proxy.application.port.out.ResponseStore;
import dev.spectacles.proxy.application.port.out.ResponseStoreContract;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.cache.CacheKey;
import dev.spectacles.proxy.testing.CapturedLog;
import dev.spectacles.proxy.testing.Eventually;
import dev.spectacles.proxy.testing.Relay;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("redis")
@ParameterizedClass(autoCloseArguments = false)
@MethodSource("servers")
final class RedisResponseStoreIT implements ResponseStoreContract {
  private static final int LARGEST = 100_000;

  /** Not the shared ones: what they hold of other tests would make the usage an estimate. */
  private static final List<RedisServers.Server> SERVERS =
      RedisServers.all().stream().map(binary -> binary.start("--appendonly", "no")).toList();

  private static final CacheKey KEY = new CacheKey("anon", "0a1b");

  private final RealClock clock = new RealClock();
  private final RedisServers.Server server;
  private RedisResponseStore store;
  private RedisResponseStore another;

  RedisResponseStoreIT(RedisServers.Server server) {
    this.server = server;
  }

  static List<RedisServers.Server> servers() {
    return SERVERS;
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
  public ResponseStore store() {
    return store;
  }

  @Override
  public ResponseStore another() {
    return another;
  }

  @Override
  public void pass(Duration time) throws InterruptedException {
    clock.sleep(time);
  }

  @Override
  public int mostPerEntry() {
    return LARGEST;
  }

  @Override
  public OptionalLong mostInAll() {
    return OptionalLong.empty();
  }

  @Test
  void key_isReadableAndExpiresByItself() throws Exception {
    store.put(KEY, new byte[] {'x'}, Duration.ofSeconds(90));
    assertThat(server.command("GET", "sp:1:rest:anon:0a1b")).isEqualTo("x");
    assertThat((Long) server.command("PTTL", "sp:1:rest:anon:0a1b")).isBetween(80_000L, 90_000L);
  }

  @Test
  void usage_ofMuch_isEstimated() throws Exception {
    try (var own = RedisServers.embedded().start();
        var onOwn = open(own.url())) {
      own.command("DEBUG", "POPULATE", "10000", "sp:1:rest:anon", "100");
      own.command("DEBUG", "POPULATE", "10000", "sp:1:other", "100");
      assertThat(onOwn.usage().entries()).isBetween(8_000L, 12_000L);
      assertThat(onOwn.usage().bytes()).isBetween(1_000_000L, 3_000_000L);
    }
  }

  @Test
  void slowServer_isWaitedForUntilWhoWaitsGivesUp() throws Exception {
    try (var relay = Relay.to(server.port());
        var onRelay = open(relay.url("redis"))) {
      onRelay.put(KEY, new byte[10], LONG);
      relay.delay(Duration.ofMillis(200));
      assertThat(onRelay.get(KEY)).isPresent();
      long start = System.nanoTime();
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> onRelay.get(KEY));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(300));
    }
  }

  @Test
  void serverThatDoesNotAnswer_isToldOfThoughNobodyWaits() throws Exception {
    try (var log = new CapturedLog(Outage.class);
        var relay = Relay.to(server.port());
        var onRelay = open(relay.url("redis"))) {
      relay.delay(Duration.ofMillis(2_500));
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> onRelay.get(KEY));
      Eventually.holds("told", () -> log.text().contains("WARN"));
    }
  }

  @Test
  void serverThatGoesAndComesBack_isToldOnceEach() throws Exception {
    try (var log = new CapturedLog(Outage.class);
        var own = RedisServers.embedded().start();
        var onOwn = open(own.url())) {
      onOwn.put(KEY, new byte[10], LONG);
      own.kill();
      Eventually.holds("told", () -> fails(onOwn) && log.text().contains("WARN"));
      own.startAgain();
      Eventually.holds("back", () -> !fails(onOwn));
      assertThat(onOwn.get(KEY)).as("it came back empty").isEmpty();
      Eventually.holds("told that too", () -> log.text().contains("INFO"));
      assertThat(log.text().lines()).hasSize(2);
      assertThat(log.text()).doesNotContain("anon");
    }
  }

  @Test
  void serverThatWasNeverThere_isAStoreThatFails() {
    String nowhere = "127.0.0.1:" + RedisServers.freePort();
    try (var unreachable =
        new RedisResponseStore(settings(nowhere), "nowhere", LARGEST, clock).start()) {
      assertThatExceptionOfType(StoreException.class).isThrownBy(() -> unreachable.get(KEY));
      assertThatExceptionOfType(StoreException.class).isThrownBy(unreachable::usage);
    }
  }

  private static boolean fails(ResponseStore store) throws InterruptedException {
    try {
      store.get(KEY);
      return false;
    } catch (StoreException e) {
      return true;
    }
  }

  private RedisResponseStore open(String url) throws InterruptedException {
    var opened = new RedisResponseStore(settings(url), "answers-test", LARGEST, clock).start();
    assertThat(opened.awaitConnection(Duration.ofSeconds(10))).isTrue();
    return opened;
  }

  private static RedisSettings settings(String url) {
    return RedisSettings.of(new MapSection(RedisSettings.keys(), Map.of("url", url)));
  }
}
