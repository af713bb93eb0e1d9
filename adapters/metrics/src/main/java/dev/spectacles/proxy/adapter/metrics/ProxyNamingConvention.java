package dev.spectacles.proxy.adapter.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import org.jspecify.annotations.Nullable;

/**
 * Names of metrics: ours as they are, as the original's timers have no unit at their end; those of
 * the JVM as Prometheus and its dashboards want them, such as {@code jvm_memory_used_bytes}.
 */
final class ProxyNamingConvention extends PrometheusNamingConvention {
  @Override
  public String name(String name, Meter.Type type, @Nullable String baseUnit) {
    return name.startsWith("proxy_")
        ? NamingConvention.snakeCase.name(name, type, baseUnit)
        : super.name(name, type, baseUnit);
  }
}
