package dev.spectacles.proxy.adapter.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * What the scheduler of virtual threads says of itself, on Java 24 and newer; looking at it costs
 * next to nothing, unlike the recorder that older ones would need.
 */
final class VirtualThreadMeters {
  private static final String SCHEDULER = "jdk.management:type=VirtualThreadScheduler";

  /** Attributes of the scheduler, by the names they get. */
  private static final Map<String, String> NAMES =
      Map.of(
          "jvm.virtual.threads.mounted", "MountedVirtualThreadCount",
          "jvm.virtual.threads.queued", "QueuedVirtualThreadCount",
          "jvm.virtual.threads.carriers", "PoolSize",
          "jvm.virtual.threads.parallelism", "Parallelism");

  private VirtualThreadMeters() {}

  /** Adds its gauges, where the JVM has such a scheduler to look at. */
  static void bindTo(MeterRegistry registry) {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    try {
      var scheduler = new ObjectName(SCHEDULER);
      if (server.isRegistered(scheduler)) {
        NAMES.forEach(
            (name, attribute) ->
                Gauge.builder(name, () -> read(server, scheduler, attribute))
                    .description("Virtual threads: " + attribute + " of their scheduler")
                    .register(registry));
      }
    } catch (JMException e) {
      throw new AssertionError("this name is one", e);
    }
  }

  private static double read(MBeanServer server, ObjectName bean, String attribute) {
    try {
      return server.getAttribute(bean, attribute) instanceof Number number
          ? number.doubleValue()
          : Double.NaN;
    } catch (JMException e) {
      // This JVM's scheduler does not tell it; no value is the honest one.
      return Double.NaN;
    }
  }
}
