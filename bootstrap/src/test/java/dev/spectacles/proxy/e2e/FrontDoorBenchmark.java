package dev.spectacles.proxy.e2e;

import com.sun.net.httpserver.HttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the HTTP front door adds: the same requests through it and directly, by the same client to
 * the same static upstream on loopback, in the same run. Prints, asserts nothing. {@code mvn
 * -Pbenchmarks verify}
 */
@Tag("benchmark")
class FrontDoorBenchmark {
  private static final int CHANNELS = 40;
  private static final Duration WARM_UP = Duration.ofSeconds(10);

  @Test
  void frontDoor_andDirectly() throws Exception {
    HttpServer upstream = LoadRun.upstream();
    URI api = URI.create("http://127.0.0.1:" + upstream.getAddress().getPort() + "/api");
    try (var callers = new HttpCallers(api, Map.of("RATELIMIT_GLOBAL", "1000000"));
        var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      LoadRun.Way throughDoor =
          way(client, URI.create("http://127.0.0.1:" + callers.port() + "/api"));
      LoadRun.Way directly = way(client, api);
      LoadRun.run(throughDoor, 64, WARM_UP);
      LoadRun.run(directly, 64, WARM_UP.dividedBy(2));
      for (int inFlight : new int[] {1, 16, 64, 256}) {
        LoadRun.Figures through = LoadRun.print("through the door", inFlight, throughDoor);
        LoadRun.Figures direct = LoadRun.print("directly", inFlight, directly);
        System.out.printf(
            "added by the door  %4d in flight: p50 %.2f ms, p99 %.2f ms%n",
            inFlight,
            through.p50Millis() - direct.p50Millis(),
            through.p99Millis() - direct.p99Millis());
      }
      callers.proxy().terminate(Duration.ofSeconds(20));
    } finally {
      upstream.stop(0);
    }
  }

  private static LoadRun.Way way(HttpClient client, URI api) {
    return number -> {
      var request =
          HttpRequest.newBuilder(URI.create(api + "/v10/channels/" + number % CHANNELS))
              .header("Authorization", "Bot benchmark")
              .build();
      client
          .sendAsync(request, BodyHandlers.ofByteArray())
          .get(30, TimeUnit.SECONDS);
    };
  }
}
