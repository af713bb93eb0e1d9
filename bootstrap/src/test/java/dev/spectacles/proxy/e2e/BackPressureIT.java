package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.redis.EmbeddedRedis;
import dev.spectacles.proxy.adapter.redis.RespConnection;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.e2e.Worker.Published;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An upstream that stands still: what is held stays bounded, and is shared among buckets. */
@Tag("redis")
class BackPressureIT {
  private static final int MOST = 20;

  private EmbeddedRedis redis;
  private Upstream discord;
  private Worker worker;
  private ProxyProcess proxy;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    redis = EmbeddedRedis.start();
    discord = Upstream.answeringOk();
    worker = new Worker(redis.url());
    var settings = ProxyProcess.settings(redis.url(), discord.apiUrl());
    settings.put("BROKER_MAX_HELD", "" + MOST);
    settings.put("RATELIMIT_GLOBAL", "100000");
    proxy = ProxyProcess.start(settings);
  }

  @AfterEach
  void stop() {
    proxy.close();
    worker.close();
    discord.close();
    redis.close();
  }

  @Test
  void blockedUpstream_noMoreThanMayBeHeldIsRead() throws Exception {
    discord.closeGate();
    var requests = new ArrayList<Published>();
    for (int channel = 1; channel <= 200; channel++) {
      requests.add(worker.publish(Worker.get("/channels/" + channel)));
    }
    Until.holds("as many as may be held are on their way", () -> discord.seen().size() == MOST);
    try (var connection = new RespConnection(URI.create(redis.url()).getPort())) {
      for (int look = 0; look < 50; look++) {
        assertThat(pending(connection)).isEqualTo(MOST);
        Until.passes(Duration.ofMillis(20));
      }
      assertThat(discord.seen()).hasSize(MOST);

      discord.openGate();
      long most = 0;
      for (Published request : requests) {
        most = Math.max(most, pending(connection));
        assertThat(request.http(30).code()).isEqualTo(200);
      }
      // Those that were answered stay pending until their ack, some milliseconds.
      assertThat(most).isLessThanOrEqualTo(MOST);
      Until.holds("nothing is pending", () -> pending(connection) == 0);
    }
    assertThat(discord.seen()).hasSize(200);
  }

  @Test
  void fullBucket_doesNotStarveOthers() throws Exception {
    discord.closeGate();
    var crowd = new ArrayList<Published>();
    for (int i = 0; i < 60; i++) {
      crowd.add(worker.publish(Worker.get("/channels/1")));
    }
    Published other = worker.publish(Worker.get("/channels/2"));

    Until.holds(
        "the other bucket's request is sent",
        () -> discord.seen().stream().anyMatch(seen -> seen.target().endsWith("/2")));
    discord.openGate();
    assertThat(other.http(10).code()).isEqualTo(200);
    int refused = 0;
    for (Published request : crowd) {
      ProxyResponse.Http answer = request.http(30);
      if (answer.code() == 429) {
        assertThat(answer.headers().first("x-spectacles-source")).contains("proxy");
        assertThat(answer.headers().first("retry-after")).isPresent();
        refused++;
      } else {
        assertThat(answer.code()).isEqualTo(200);
      }
    }
    // A quarter of what may be held waits, one is on its way, the rest is refused.
    assertThat(refused).isBetween(60 - MOST / 4 - 1, 60 - MOST / 4);
    assertThat(discord.seen()).hasSize(61 - refused);
  }

  private static long pending(RespConnection redis) throws IOException {
    return (Long) ((List<?>) redis.command("XPENDING", "REQUEST", "gateway")).getFirst();
  }
}
