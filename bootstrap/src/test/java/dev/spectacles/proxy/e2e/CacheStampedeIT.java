package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.redis.EmbeddedRedis;
import dev.spectacles.proxy.adapter.redis.RespConnection;
import dev.spectacles.proxy.e2e.Worker.Published;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** As many as a proxy holds ask for the same at once, of which nothing is kept yet. */
@Tag("redis")
class CacheStampedeIT {
  /** What may be held by default, all of which may wait for one answer. */
  private static final int REQUESTS = 10_000;

  private static final int WARM_UP = 200;

  @Test
  void identicalGets_askDiscordOnce() throws Exception {
    try (var redis = EmbeddedRedis.start();
        var discord = Upstream.answeringOk();
        var worker = new Worker(redis.url());
        var proxy = ProxyProcess.start(ProxyProcess.caching(redis.url(), discord.apiUrl()));
        var connection = new RespConnection(URI.create(redis.url()).getPort())) {
      warmUp(worker);
      discord.forget();
      discord.closeGate();
      List<Published> requests = worker.publish(Worker.get("/guilds/1/roles"), REQUESTS);
      Until.holds("all are held", () -> pending(connection) == REQUESTS);
      assertThat(discord.seen()).as(proxy::output).hasSizeLessThanOrEqualTo(1);
      discord.openGate();

      for (Published request : requests) {
        assertThat(request.http(30).code()).isEqualTo(200);
      }
      assertThat(discord.seen()).as(proxy::output).hasSize(1);
    }
  }

  /** Has the code be loaded, so that no look-up takes too long for that. */
  private static void warmUp(Worker worker) throws Exception {
    for (int i = 0; i < WARM_UP; i++) {
      worker.publish(Worker.get("/guilds/2/roles")).http(30);
    }
  }

  private static long pending(RespConnection redis) throws Exception {
    return (Long) ((List<?>) redis.command("XPENDING", "REQUEST", "gateway")).getFirst();
  }
}
