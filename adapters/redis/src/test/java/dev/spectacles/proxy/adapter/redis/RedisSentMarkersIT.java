package dev.spectacles.proxy.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spectacles.proxy.application.port.out.StoreException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisson.api.RedissonClient;

@Tag("redis")
class RedisSentMarkersIT {
  static List<RedisServers.Server> servers() {
    return SharedServers.ALL;
  }

  @ParameterizedTest
  @MethodSource("servers")
  void mark_isSeenByAll_untilItIsForgotten(RedisServers.Server server) throws Exception {
    var settings = RedisSettings.of(MapSection.redis(Map.of("url", server.url())));
    RedissonClient client = RedisConnections.limiter(settings, "markers");
    try {
      var markers = new RedisSentMarkers(() -> client);
      var others = new RedisSentMarkers(() -> client);
      String request = UUID.randomUUID().toString();
      assertThat(others.isMarked(request)).isFalse();
      markers.mark(request);
      assertThat(others.isMarked(request)).isTrue();
      assertThat(client.getBucket("sp:1:sent:" + request).remainTimeToLive()).isPositive();
      others.forget(request);
      Eventually.holds("the note is gone", () -> !markers.isMarked(request));
    } finally {
      RedisConnections.close(client);
    }
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
