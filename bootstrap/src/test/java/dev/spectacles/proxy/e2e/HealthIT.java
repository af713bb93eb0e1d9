package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.redis.RedisServers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a probe is told from the start of a process to its end. */
@Tag("redis")
class HealthIT {
  private final HttpClient client = HttpClient.newHttpClient();
  private final int port = RedisServers.freePort();

  @Test
  void probes_areToldWhyItIsNotReady_andThatItLives() throws Exception {
    int redisPort = RedisServers.freePort();
    try (var discord = Upstream.answeringOk()) {
      var settings = ProxyProcess.settings("127.0.0.1:" + redisPort, discord.apiUrl());
      settings.put("METRICS_ADDR", "127.0.0.1:" + port);
      try (var proxy = ProxyProcess.start(settings)) {
        Until.holds("it knows", () -> readiness().contains("was not reached yet"));
        assertThat(readiness()).startsWith("503 not ready\nRedis at 127.0.0.1:" + redisPort);
        assertThat(get("/healthz")).isEqualTo("200 ok\n");
        assertThat(get("/metrics"))
            .contains("\nproxy_ready 0.0\n", "\nproxy_broker_connected 0.0\n");

        try (var redis = RedisServers.embedded().startOn(redisPort);
            var worker = new Worker("redis://" + redis.url())) {
          Until.holds("it is ready", () -> readiness().startsWith("200 ready\n"));
          discord.closeGate();
          Worker.Published held = worker.publish(Worker.get("/channels/175928847299117063"));
          Until.holds("it is on its way", () -> discord.seen().size() == 1);
          assertThat(get("/metrics"))
              .contains(
                  "\nproxy_ready 1.0\n",
                  "\nproxy_in_flight 1.0\n",
                  "\nproxy_held_requests 1.0\n",
                  "\nproxy_broker_connected 1.0\n",
                  "{method=\"GET\",path=\"/channels/:id\"}")
              .doesNotContain("175928847299117063");

          var exit = new FutureTask<>(() -> proxy.terminate(Duration.ofSeconds(15)));
          Thread.ofVirtual().start(exit);
          Until.holds("it stops", () -> readiness().startsWith("503 not ready\nstopping: "));
          assertThat(get("/healthz")).isEqualTo("200 ok\n");
          discord.openGate();
          assertThat(held.http(20).code()).isEqualTo(200);
          assertThat(exit.get(20, TimeUnit.SECONDS)).isZero();
        }
      }
    } finally {
      client.shutdownNow();
    }
  }

  private String readiness() throws IOException, InterruptedException {
    return get("/readyz");
  }

  private String get(String path) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(10))
            .build();
    var response = client.send(request, BodyHandlers.ofString());
    return response.statusCode() + " " + response.body();
  }
}
