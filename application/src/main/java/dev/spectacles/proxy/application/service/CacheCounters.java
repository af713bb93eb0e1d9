package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.out.CacheSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How many GETs were answered from where, since the start. Thread-safe. */
final class CacheCounters {
  private final Map<CacheSource, LongAdder> counts = new EnumMap<>(CacheSource.class);

  CacheCounters() {
    for (CacheSource source : CacheSource.values()) {
      counts.put(source, new LongAdder());
    }
  }

  void count(CacheSource source) {
    counts.get(source).increment();
  }

  /** By source, in the order of the enum. */
  Map<CacheSource, Long> counts() {
    var now = new EnumMap<CacheSource, Long>(CacheSource.class);
    counts.forEach((source, count) -> now.put(source, count.sum()));
    return now;
  }
}
