/**
 * What the proxy does, as Prometheus metrics, and the server that a Prometheus scrapes.
 *
 * <p>Start with {@link PrometheusProxyEvents} and {@link MetricsServer}.
 */
@NullMarked
package dev.spectacles.proxy.adapter.metrics;

import org.jspecify.annotations.NullMarked;
