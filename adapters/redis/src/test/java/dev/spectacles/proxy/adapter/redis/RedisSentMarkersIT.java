package dev.spectacles.proxy.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spectacles.proxy.adapter.spi.MapSection;
import dev.spectacles.proxy.application.port.out.SentMarkers;
import dev.spectacles.proxy.application.port.out.SentMarkersContract;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.testing.Eventually;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

@OnEveryServer
final class RedisSentMarkersIT implements SentMarkersContract {
  private final RedisServers.Server server;
  private RedissonClient client;

  RedisSentMarkersIT(RedisServers.Server server) {
    this.server = server;
  }

  @BeforeEach
  void connect() throws InterruptedException {
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
    markers().mark("any", "a");
    assertThat(timeLeft("any")).isBetween(Duration.ofHours(23), Duration.ofHours(24));
  }

  @Test
  void answered_marked_isKeptAsLongAsTheMark() throws Exception {
    markers().mark("marked", "a");
    markers().answered("marked");
    awaitAnswered("marked");
    assertThat(timeLeft("marked")).isBetween(Duration.ofHours(23), Duration.ofHours(24));
  }

  @Test
  void answered_notMarked_isKeptForMinutes() throws Exception {
    markers().answered("unmarked");
    awaitAnswered("unmarked");
    assertThat(timeLeft("unmarked")).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
  }

  /** As instances write it that are older than the owner. */
  @Test
  void state_valueOfAnotherRelease_isSent() throws Exception {
    client.<String>getBucket("sp:1:sent:old", StringCodec.INSTANCE).set("1");
    assertThat(markers().state("old")).isEqualTo(SentMarkers.State.SENT);
    assertThat(markers().mark("old", "1")).isFalse();
  }

  @Test
  void withoutServer_nobodyIsToldThatARequestWasNotSent() {
    var markers =
        new RedisSentMarkers(
            () -> {
              throw new NotReachedException();
            });
    assertThatExceptionOfType(StoreException.class).isThrownBy(() -> markers.state("1"));
    assertThatExceptionOfType(StoreException.class).isThrownBy(() -> markers.mark("1", "a"));
    markers.answered("1");
    markers.forget("1");
  }

  private void awaitAnswered(String request) throws Exception {
    Eventually.holds("noted", () -> markers().state(request) == SentMarkers.State.ANSWERED);
  }

  private Duration timeLeft(String request) {
    return Duration.ofMillis(client.getBucket("sp:1:sent:" + request).remainTimeToLive());
  }
}
