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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** A cluster refuses what is not on one node, also if it has no other. */
@Tag("redis")
final class ClusterEntityStoreIT implements EntityStoreContract {
  private static RedisServers.Server server;

  private final RealClock clock = new RealClock();
  private final String feed = "feed-" + UUID.randomUUID();
  private RedisEntityStore store;
  private RedisEntityStore another;

  @BeforeAll
  static void start() throws Exception {
    server = RedisTopologyIT.startCluster(RedisServers.embedded());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void connect() throws Exception {
    store = open();
    another = open();
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

  private RedisEntityStore open() throws InterruptedException {
    var url = Map.of("url", "redis+cluster://" + server.url());
    var settings = RedisSettings.of(new MapSection(RedisSettings.keys(), url));
    var opened = new RedisEntityStore(settings, "entities-test", feed, clock).start();
    assertThat(opened.awaitConnection(Duration.ofSeconds(10))).isTrue();
    return opened;
  }
}
