package dev.spectacles.proxy.gateway;

import dev.spectacles.proxy.simulator.world.SyntheticGuilds;
import dev.spectacles.proxy.simulator.world.WorldEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a guild of the usual size takes in memory, all types kept. Prints, asserts nothing. {@code
 * mvn -Pbenchmarks verify}
 */
@Tag("benchmark")
class GatewayMemoryBenchmark {
  private static final int GUILDS = 1_000;

  @Test
  void bytesPerGuild() throws Exception {
    var guilds = new SyntheticGuilds(1);
    try (var cache = new FedCache()) {
      cache.publish(List.of(guilds.ready(List.of())));
      cache.catchUp();
      long before = used();
      for (int i = 0; i < GUILDS / 100; i++) {
        var events = new ArrayList<WorldEvent>();
        for (int n = 0; n < 100; n++) {
          events.add(guilds.next());
        }
        cache.publish(events);
        cache.catchUp();
      }
      System.out.printf(
          "bytes per guild in memory: %d (of %d guilds)%n",
          (used() - before) / GUILDS, cache.guilds().size());
    }
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
