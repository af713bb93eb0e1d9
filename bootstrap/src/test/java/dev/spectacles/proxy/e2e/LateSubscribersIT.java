package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.redis.EmbeddedRedis;
import dev.spectacles.proxy.adapter.redis.RespConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Callers that subscribe after their answer was ready. Nobody else may listen here: a {@link
 * Worker} counts as a receiver of every answer.
 */
@Tag("redis")
class LateSubscribersIT {
  @Test
  void callers_upTo500MillisLate_eachGetAnAnswer() throws Exception {
    try (var redis = EmbeddedRedis.start();
        var discord = Upstream.answeringOk();
        var proxy = proxy(redis, discord)) {
      int port = URI.create(redis.url()).getPort();
      var callers =
          new LateCallers(() -> new RespConnection(port), 100, 10, Duration.ofMillis(500));
      // Refused at once, which is the fastest answer there is.
      byte[] immediate = Packed.of(Map.of("method", "GET", "path", "no-slash"));
      byte[] fast = Worker.get("/gateway").encode();

      assertThat(callers.run(number -> number % 2 == 0 ? immediate : fast)).isEqualTo(1_000);
      assertThat(discord.seen()).hasSize(500);
      assertThat(proxy.terminate(Duration.ofSeconds(15))).isZero();
    }
  }

  private static ProxyProcess proxy(EmbeddedRedis redis, Upstream discord)
      throws InterruptedException {
    var settings = ProxyProcess.settings(redis.url(), discord.apiUrl());
    settings.put("RATELIMIT_GLOBAL", "100000");
    return ProxyProcess.start(settings);
  }
}
