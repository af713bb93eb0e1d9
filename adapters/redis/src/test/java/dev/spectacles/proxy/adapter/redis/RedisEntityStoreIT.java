package dev.spectacles.proxy.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.spi.MapSection;
import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.EntityStoreContract;
import dev.spectacles.proxy.application.port.out.RealClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

@OnEveryServer
final class RedisEntityStoreIT implements EntityStoreContract {
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

  private RedisEntityStore open(String url) throws InterruptedException {
    var settings = RedisSettings.of(new MapSection(RedisSettings.keys(), Map.of("url", url)));
    var opened = new RedisEntityStore(settings, "entities-test", feed, clock).start();
    assertThat(opened.awaitConnection(Duration.ofSeconds(10))).isTrue();
    return opened;
  }
}
