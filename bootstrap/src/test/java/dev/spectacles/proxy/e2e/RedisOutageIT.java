package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.redis.RedisServers;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.e2e.Worker.Published;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Redis that goes away and comes back, with and without what it held. */
@Tag("redis")
class RedisOutageIT {
  @Test
  void restartWithoutData_heldRequestsAreAnswered_andNewOnesServed() throws Exception {
    try (var redis = RedisServers.embedded().start();
        var discord = Upstream.answeringOk();
        var worker = new Worker("redis://" + redis.url());
        var proxy = ProxyProcess.start(settings(redis, discord))) {
      discord.closeGate();
      List<Published> requests = publish(worker, 40);
      Until.holds("all are on their way", () -> discord.seen().size() == 40);

      redis.kill();
      redis.startAgain();
      discord.openGate();

      for (Published request : requests) {
        assertThat(request.http(40).code()).isEqualTo(200);
      }
      assertNoPostTwice(discord);
      assertThat(worker.publish(Worker.get("/gateway")).http(20).code()).isEqualTo(200);
      assertAllAcked(redis);
      assertThat(proxy.terminate(Duration.ofSeconds(15))).isZero();
      assertThat(proxy.output())
          .as("a restart this quick need not be noticed, but it is none to give up for")
          .containsOnlyOnce("Redis lost the consumer group")
          .doesNotContain("NOSCRIPT");
    }
  }

  @Test
  void restartWithData_allRequestsAreAnswered_alsoThoseNotRead() throws Exception {
    try (var redis =
            RedisServers.embedded().start("--appendonly", "yes", "--appendfsync", "always");
        var discord = Upstream.answeringOk();
        var worker = new Worker("redis://" + redis.url())) {
      var settings = settings(redis, discord);
      settings.put("BROKER_MAX_HELD", "30");
      try (var proxy = ProxyProcess.start(settings)) {
        discord.closeGate();
        List<Published> requests = publish(worker, 80);
        Until.holds("some are on their way", () -> discord.seen().size() == 30);

        redis.kill();
        discord.openGate();
        // Long enough for answers to come that cannot be offered.
        Until.passes(Duration.ofMillis(1_500));
        redis.startAgain();

        for (Published request : requests) {
          ProxyResponse answer = request.await(60);
          assertThat(answer).isInstanceOf(ProxyResponse.Http.class);
        }
        assertNoPostTwice(discord);
        assertAllAcked(redis);
        assertThat(proxy.terminate(Duration.ofSeconds(15))).isZero();
        assertThat(proxy.output())
            .containsOnlyOnce("is not reachable")
            .containsOnlyOnce("is reachable again");
      }
    }
  }

  @Test
  void redisDownAtStart_isSaid_andServedWhenItComesUp() throws Exception {
    int port = RedisServers.freePort();
    String url = "127.0.0.1:" + port;
    try (var discord = Upstream.answeringOk();
        var proxy = ProxyProcess.start(ProxyProcess.settings(url, discord.apiUrl()))) {
      Until.holds(
          "it says so", () -> proxy.output().contains("Redis at " + url + " is not reachable"));

      try (var redis = RedisServers.embedded().startOn(port);
          var worker = new Worker("redis://" + redis.url())) {
        assertThat(worker.publish(Worker.get("/gateway")).http(20).code()).isEqualTo(200);
        assertThat(proxy.terminate(Duration.ofSeconds(15))).isZero();
      }
    }
  }

  private static Map<String, String> settings(RedisServers.Server redis, Upstream discord) {
    var settings = ProxyProcess.settings(redis.url(), discord.apiUrl());
    settings.put("RATELIMIT_GLOBAL", "100000");
    settings.put("REDIS_MIN_IDLE", "2s");
    settings.put("REDIS_CLAIM_INTERVAL", "500ms");
    return settings;
  }

  /** Every other one a POST, each for a channel of its own. */
  private static List<Published> publish(Worker worker, int count) {
    var requests = new ArrayList<Published>();
    for (int i = 0; i < count; i++) {
      requests.add(
          worker.publish(
              i % 2 == 0
                  ? Worker.get("/channels/" + i)
                  : Worker.post("/channels/" + i + "/messages").nonce("n" + i).json("{}")));
    }
    return requests;
  }

  private static void assertAllAcked(RedisServers.Server redis) throws Exception {
    Until.holds(
        "everything is acked",
        () -> ((List<?>) redis.command("XPENDING", "REQUEST", "gateway")).getFirst().equals(0L));
  }

  private static void assertNoPostTwice(Upstream discord) {
    var nonces = new HashSet<String>();
    for (var seen : discord.seen()) {
      if (seen.method().equals("POST")) {
        assertThat(nonces.add(seen.header("x-sim-nonce"))).as("%s", seen.target()).isTrue();
      }
    }
  }
}
