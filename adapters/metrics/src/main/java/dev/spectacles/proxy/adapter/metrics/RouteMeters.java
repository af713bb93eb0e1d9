package dev.spectacles.proxy.adapter.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.DoubleStream;

/**
 * Meters of one route, named and labelled as the original proxy's are, durations in seconds.
 *
 * <p>They are kept here as looking meters up by labels costs more than counting.
 */
final class RouteMeters {
  /** Upper bounds in seconds; the first eleven are the Prometheus client's, and the original's. */
  private static final Duration[] BUCKETS =
      DoubleStream.of(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
          .mapToObj(seconds -> Duration.ofMillis(Math.round(seconds * 1000)))
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final String method;
  private final String path;
  private final Counter requests;
  private final Timer latency;
  private final Timer wait;
  private final ConcurrentMap<Integer, Counter> responses = new ConcurrentHashMap<>();

  RouteMeters(MeterRegistry registry, String method, String path) {
    this.registry = registry;
    this.method = method;
    this.path = path;
    requests =
        Counter.builder("proxy_requests_total")
            .description("Requests that the limiter let through to Discord")
            .tags("method", method, "path", path)
            .register(registry);
    latency =
        histogram(
            "proxy_request_latency",
            "Seconds from taking a request from the broker to its answer, limits included");
    wait = histogram("proxy_ratelimit_latency", "Seconds that requests waited for the limiter");
  }

  void waited(Duration duration) {
    requests.increment();
    wait.record(duration);
  }

  void finished(Duration elapsed) {
    latency.record(elapsed);
  }

  void answered(int code) {
    // Whatever a server makes up, there are no more than 500 values.
    int bounded = code >= 100 && code <= 599 ? code : 0;
    responses.computeIfAbsent(bounded, this::responses).increment();
  }

  private Counter responses(int code) {
    return Counter.builder("proxy_responses_total")
        .description("HTTP responses of Discord that requests were answered with")
        .tags("method", method, "path", path, "status", code == 0 ? "other" : "" + code)
        .register(registry);
  }

  // A distribution summary would do for the name, but rounds up to whole numbers, that is seconds.
  private Timer histogram(String name, String description) {
    return Timer.builder(name)
        .description(description)
        .tags("method", method, "path", path)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }
}
