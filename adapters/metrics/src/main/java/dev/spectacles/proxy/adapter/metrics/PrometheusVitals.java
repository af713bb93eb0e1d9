package dev.spectacles.proxy.adapter.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Metrics that are looked at when somebody scrapes, beside those of events: of the JVM, and of the
 * parts it is shown. What it is shown must be fast and thread-safe, and must not throw.
 */
public final class PrometheusVitals implements AutoCloseable {
  private static final double MILLIS = 1000;

  private final PrometheusProxyEvents events;
  private final MeterRegistry registry;
  private final JvmGcMetrics collections = new JvmGcMetrics();

  /** Of the JVM, and which build this is. */
  public PrometheusVitals(PrometheusProxyEvents events, String version) {
    this.events = events;
    registry = events.registry();
    new JvmMemoryMetrics().bindTo(registry);
    collections.bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    VirtualThreadMeters.bindTo(registry);
    Gauge.builder("proxy_build_info", () -> 1)
        .description("1, with what runs here")
        .tags("version", version, "java", Runtime.version().toString())
        .register(registry);
  }

  /** Whether it serves requests. */
  public void ready(BooleanSupplier ready) {
    gauge("proxy_ready", "1 while requests are served, else 0", () -> number(ready));
  }

  /**
   * The broker.
   *
   * @param backlog how many requests nobody deals with yet, if that is known
   */
  public void broker(BooleanSupplier connected, Supplier<OptionalLong> backlog) {
    gauge("proxy_broker_connected", "1 while the broker is there, else 0", () -> number(connected));
    gauge(
        "proxy_broker_backlog",
        "Requests at the broker that nobody deals with yet",
        () -> backlog.get().stream().asDoubleStream().findFirst().orElse(Double.NaN));
  }

  /**
   * Requests that Discord counts as invalid.
   *
   * @param limit per ten minutes
   * @param now how many count now
   */
  public void invalidRequests(int limit, LongSupplier now) {
    events.invalidRequests(now);
    gauge(
        "proxy_invalid_requests_limit",
        "Invalid requests of ten minutes that get this address banned; 0 if not watched",
        () -> limit);
  }

  /** The most that may be held, so that it can be told how near to it the instance is. */
  public void heldLimits(int requests, long bytes) {
    gauge("proxy_held_requests_limit", "Requests that may be held", () -> requests);
    gauge("proxy_held_bytes_limit", "Bytes of requests that may be held", () -> bytes);
  }

  /** Whether the limiter's store is away. */
  public void limiterStore(BooleanSupplier away) {
    gauge(
        "proxy_ratelimit_store_connected",
        "1 while the limiter's store is there, else 0",
        () -> 1 - number(away));
  }

  /** How far behind the gateway's events what is kept is. */
  public void ingest(Supplier<Duration> lag) {
    gauge(
        "proxy_ingest_lag",
        "Seconds since all that the gateway told is kept",
        () -> lag.get().toMillis() / MILLIS);
  }

  @Override
  public void close() {
    collections.close();
  }

  private void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  private static int number(BooleanSupplier condition) {
    return condition.getAsBoolean() ? 1 : 0;
  }
}
