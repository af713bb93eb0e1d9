package dev.spectacles.proxy.e2e;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Requests one after another by so many callers at a time, and what they took. */
final class LoadRun {
  private static final int RUNS = 3;
  private static final Duration RUN = Duration.ofSeconds(6);
  private static final byte[] ANSWER =
      "{\"id\":\"1\",\"content\":\"x\"}".getBytes(StandardCharsets.UTF_8);

  private LoadRun() {}

  /** One kind of measurement. */
  interface Way {
    void request(int number) throws Exception;
  }

  record Figures(double perSecond, double p50Millis, double p99Millis) {}

  /** The median of some runs, which it prints. */
  static Figures print(String what, int inFlight, Way way) throws Exception {
    var runs = new ArrayList<Figures>();
    for (int i = 0; i < RUNS; i++) {
      runs.add(run(way, inFlight, RUN));
    }
    runs.sort(Comparator.comparingDouble(Figures::perSecond));
    Figures median = runs.get(RUNS / 2);
    System.out.printf(
        "%-18s %4d in flight: %7.0f requests/s, p50 %6.2f ms, p99 %6.2f ms (median of %d runs)%n",
        what, inFlight, median.perSecond(), median.p50Millis(), median.p99Millis(), RUNS);
    return median;
  }

  /** One run. */
  static Figures run(Way way, int inFlight, Duration length) throws Exception {
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

  /** Server that answers everything at once. */
  static HttpServer upstream() throws IOException {
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
}
