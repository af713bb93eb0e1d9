package dev.spectacles.proxy.e2e;

import com.sun.net.httpserver.HttpServer;
import dev.spectacles.proxy.adapter.redis.EmbeddedRedis;
import dev.spectacles.proxy.adapter.wire.RequestCodec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Requests per second and latency through the whole path: worker, Redis, proxy, static upstream on
 * loopback and back; beside it the same requests made directly, in the same run. Prints, asserts
 * nothing. {@code mvn -Pbenchmarks verify}
 */
@Tag("benchmark")
class WholePathBenchmark {
  private static final int CHANNELS = 40;
  private static final Duration WARM_UP = Duration.ofSeconds(10);

  @Test
  void wholePath_andDirectly() throws Exception {
    HttpServer upstream = LoadRun.upstream();
    URI api = URI.create("http://127.0.0.1:" + upstream.getAddress().getPort() + "/api");
    try (var redis = EmbeddedRedis.start();
        var worker = new Worker(redis.url());
        var direct = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      Map<String, String> settings = new HashMap<>(ProxyProcess.settings(redis.url(), api));
      settings.put("RATELIMIT_GLOBAL", "1000000");
      try (var proxy = ProxyProcess.start(settings)) {
        System.out.printf("resident memory idle: %d MiB%n", residentMiB(proxy.pid()));
        LoadRun.Way throughProxy =
            number ->
                worker
                    .publish(
                        RequestCodec.encode(
                            "GET",
                            "/channels/" + number % CHANNELS,
                            Map.of(),
                            Map.of("Authorization", "Bot benchmark"),
                            Optional.empty()),
                        Map.of())
                    .http(30);
        LoadRun.Way directly =
            number ->
                direct.send(
                    HttpRequest.newBuilder(URI.create(api + "/v10/channels/" + number % CHANNELS))
                        .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        LoadRun.run(throughProxy, 64, WARM_UP);
        LoadRun.run(directly, 64, WARM_UP.dividedBy(2));
        for (int inFlight : new int[] {1, 16, 64, 256}) {
          LoadRun.print("through the proxy", inFlight, throughProxy);
          LoadRun.print("directly", inFlight, directly);
        }
        System.out.printf("resident memory after load: %d MiB%n", residentMiB(proxy.pid()));
      }
    } finally {
      upstream.stop(0);
    }
  }

  private static long residentMiB(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    throw new IOException("no VmRSS for process " + pid);
  }
}
