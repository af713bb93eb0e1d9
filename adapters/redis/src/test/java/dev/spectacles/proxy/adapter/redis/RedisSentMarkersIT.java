package dev.spectacles.proxy.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spectacles.proxy.adapter.spi.MapSection;
import dev.spectacles.proxy.application.port.out.SentMarkers;
import dev.spectacles.proxy.application.port.out.SentMarkersContract;
import dev.spectacles.proxy.application.port.out.StoreException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisson.api.RedissonClient;

@OnEveryServer
final class RedisSentMarkersIT implements SentMarkersContract {
  private final RedisServers.Server server;
  private RedissonClient client;

  RedisSentMarkersIT(RedisServers.Server server) {
    this.server = server;
  }

  @BeforeEach
  void connect() {
    var settings =
        RedisSettings.of(new MapSection(RedisSettings.keys(), Map.of("url", server.url())));
    client = RedisConnections.limiter(settings, "markers");
  }

  @AfterEach
  void close() {
    RedisConnections.close(client);
  }

  @Override
  public SentMarkers markers() {
    return new RedisSentMarkers(() -> client);
  }

  @Override
  public SentMarkers another() {
    return new RedisSentMarkers(() -> client);
  }

  @Test
  void mark_doesNotStayForEver() throws Exception {
    markers().mark("any");
    assertThat(client.getBucket("sp:1:sent:any").remainTimeToLive()).isPositive();
  }

  @Test
  void withoutServer_nobodyIsToldThatARequestWasNotSent() {
    var markers =
        new RedisSentMarkers(
            () -> {
              throw new NotReachedException();
            });
    assertThatExceptionOfType(StoreException.class).isThrownBy(() -> markers.isMarked("1"));
    assertThatExceptionOfType(StoreException.class).isThrownBy(() -> markers.mark("1"));
    markers.forget("1");
  }
}
