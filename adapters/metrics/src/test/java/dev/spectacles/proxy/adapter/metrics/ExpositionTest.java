package dev.spectacles.proxy.adapter.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.application.port.out.ProxyEvents;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is exported is in Prometheus' form, by our reading of it and by its own. */
class ExpositionTest {
  @TempDir private Path folder;

  @Test
  void scrape_afterEveryEvent_isInTheForm() {
    try (var proxy = new BusyProxy()) {
      assertThat(proxy.scrape().labelsByName())
          .containsEntry("proxy_requests_total", Set.of("method", "path"))
          .containsEntry("proxy_build_info", Set.of("java", "version"))
          .containsEntry("proxy_ready", Set.of())
          .containsEntry("proxy_broker_backlog", Set.of())
          .containsEntry("proxy_ingest_lag", Set.of())
          .containsEntry("jvm_memory_used_bytes", Set.of("area", "id"))
          .containsKeys(
              "jvm_gc_memory_allocated_bytes_total",
              "jvm_threads_live_threads",
              "process_cpu_usage",
              "process_files_open_files",
              "process_uptime_seconds");
      assertThat(proxy.scrape().samples())
          .anyMatch(it -> it.name().equals("proxy_ingest_lag") && it.value() == 1.5)
          .anyMatch(it -> it.name().equals("proxy_invalid_requests_window") && it.value() == 42);
      if (Runtime.version().feature() >= 24) {
        assertThat(proxy.scrape().samples())
            .anyMatch(it -> it.name().equals("jvm_virtual_threads_parallelism") && it.value() >= 1);
      }
    }
  }

  @Test
  void scrape_promtoolTakesIt() throws Exception {
    try (var proxy = new BusyProxy()) {
      Path scrape = Files.writeString(folder.resolve("metrics"), proxy.events.scrape());
      Promtool.accepts(scrape, "check", "metrics");
    }
  }

  /** An event that is added to the port has to become a metric, or be left out on purpose. */
  @Test
  void events_all_areListenedTo() {
    assertThat(
            Arrays.stream(ProxyEvents.class.getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .map(Method::getName)
                // Looked at instead: it grows while nothing happens.
                .filter(name -> !name.equals("ingestLag")))
        .isSubsetOf(
            Arrays.stream(PrometheusProxyEvents.class.getDeclaredMethods())
                .map(Method::getName)
                .toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x 1\n",
        "# HELP x a\n# TYPE x gauge\nx 1",
        "# HELP x a\n# TYPE x gauge\ny 1\n",
        "# HELP x a\n# TYPE x gauge\nx 1\nx 2\n",
        "# HELP x a\n# TYPE x gauge\nx{a=\"1} 1\n",
        "# HELP x a\n# TYPE x gauge\nx{a=\"1\",a=\"1\"} 1\n",
        "# HELP x a\n# TYPE x gauge\nx one\n",
        "# HELP x a\n# TYPE x counter\nx 1\n",
        "# HELP x a\n# TYPE x histogram\nx_bucket{le=\"1\"} 2\nx_bucket{le=\"+Inf\"} 1\n",
      })
  void text_notInTheForm_isRefused(String text) {
    assertThatThrownBy(() -> Exposition.parse(text))
        .isInstanceOfAny(AssertionError.class, NumberFormatException.class);
  }
}
