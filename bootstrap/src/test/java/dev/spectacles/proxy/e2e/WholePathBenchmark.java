package dev.spectacles.proxy.e2e;

import com.sun.net.httpserver.HttpServer;
import dev.spectacles.proxy.adapter.redis.EmbeddedRedis;
import dev.spectacles.proxy.adapter.wire.RequestCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Requests per second and latency through the whole path: worker, Redis, proxy, static upstream on
 * loopback and back; beside it the same requests made directly, in the same run. Prints, asserts
 * nothing. {@code mvn -Pbenchmarks verify}
 */
@Tag("benchmark")
class WholePathBenchmark {
  private static final int RUNS = 3;
  private static final int CHANNELS = 40;
  private static final Duration RUN = Duration.ofSeconds(6);
  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final byte[] ANSWER =
      "{\"id\":\"1\",\"content\":\"x\"}".getBytes(StandardCharsets.UTF_8);

  /** One kind of measurement. */
  private interface Way {
    void request(int number) throws Exception;
  }

  private record Figures(double perSecond, double p50Millis, double p99Millis) {}

  @Test
  void wholePath_andDirectly() throws Exception {
    HttpServer upstream = upstream();
    URI api = URI.create("http://127.0.0.1:" + upstream.getAddress().getPort() + "/api");
    try (var redis = EmbeddedRedis.start();
        var worker = new Worker(redis.url());
        var direct = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      Map<String, String> settings = new HashMap<>(ProxyProcess.settings(redis.url(), api));
      settings.put("RATELIMIT_GLOBAL", "1000000");
      try (var proxy = ProxyProcess.start(settings)) {
        System.out.printf("resident memory idle: %d MiB%n", residentMiB(proxy.pid()));
        Way throughProxy =
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
        Way directly =
            number ->
                direct.send(
                    HttpRequest.newBuilder(URI.create(api + "/v10/channels/" + number % CHANNELS))
                        .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        run(throughProxy, 64, WARM_UP);
        run(directly, 64, WARM_UP.dividedBy(2));
        for (int inFlight : new int[] {1, 16, 64, 256}) {
          print("through the proxy", inFlight, throughProxy);
          print("directly", inFlight, directly);
        }
        System.out.printf("resident memory after load: %d MiB%n", residentMiB(proxy.pid()));
      }
    } finally {
      upstream.stop(0);
    }
  }

  private static void print(String what, int inFlight, Way way) throws Exception {
    var runs = new ArrayList<Figures>();
    for (int i = 0; i < RUNS; i++) {
      runs.add(run(way, inFlight, RUN));
    }
    runs.sort(Comparator.comparingDouble(Figures::perSecond));
    Figures median = runs.get(RUNS / 2);
    System.out.printf(
        "%-18s %4d in flight: %7.0f requests/s, p50 %6.2f ms, p99 %6.2f ms (median of %d runs)%n",
        what, inFlight, median.perSecond(), median.p50Millis(), median.p99Millis(), RUNS);
  }

  private static Figures run(Way way, int inFlight, Duration length) throws Exception {
    long end = System.nanoTime() + length.toNanos();
    var numbers = new AtomicInteger();
    List<long[]> latencies = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < inFlight; i++) {
        long[] own = new long[200_000];
        latencies.add(own);
        threads.submit(
            () -> {
              for (int n = 0; n < own.length && System.nanoTime() < end; n++) {
                long start = System.nanoTime();
                way.request(numbers.getAndIncrement());
                own[n] = System.nanoTime() - start;
              }
              return null;
            });
      }
      threads.shutdown();
      if (!threads.awaitTermination(length.toSeconds() + 60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("requests are still on their way");
      }
    }
    long[] all =
        latencies.stream().flatMapToLong(Arrays::stream).filter(n -> n > 0).sorted().toArray();
    return new Figures(
        all.length / (length.toMillis() / 1e3),
        all[all.length / 2] / 1e6,
        all[(int) (all.length * 0.99)] / 1e6);
  }

  private static HttpServer upstream() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, ANSWER.length);
          try (var body = exchange.getResponseBody()) {
            body.write(ANSWER);
          }
        });
    server.start();
    return server;
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
