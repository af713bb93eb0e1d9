package dev.spectacles.proxy.e2e;

import com.sun.management.OperatingSystemMXBean;
import dev.spectacles.proxy.adapter.caffeine.CaffeineCacheStoreProvider;
import dev.spectacles.proxy.adapter.redis.RedisCacheStoreProvider;
import dev.spectacles.proxy.adapter.redis.RedisServers;
import dev.spectacles.proxy.adapter.spi.CacheStoreProvider;
import dev.spectacles.proxy.adapter.spi.EntityStoreContext;
import dev.spectacles.proxy.adapter.spi.MapSection;
import dev.spectacles.proxy.application.port.out.EntityStore;
import dev.spectacles.proxy.application.port.out.RealClock;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.entity.EntityKey;
import dev.spectacles.proxy.domain.entity.EntityType;
import dev.spectacles.proxy.domain.entity.GuildChanges;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.testing.Eventually;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a thousand guilds take in each store, and how fast one thread puts whole guilds and small
 * changes into it. Prints, asserts nothing. {@code mvn -Pbenchmarks verify}
 */
@Tag("benchmark")
class EntityStoreBenchmark {
  private static final String APP = "175928847299117063";
  private static final int GUILDS = 1_000;
  private static final int GUILDS_AT_ONCE = 50;
  private static final int CHANGES_AT_ONCE = 250;
  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final Duration RUN = Duration.ofSeconds(6);

  private static final RealClock CLOCK = new RealClock();

  /** One step of a run; tells how much it did. */
  private interface Step {
    int run() throws InterruptedException;
  }

  @Test
  void redis() throws Exception {
    for (RedisServers.Binary binary : RedisServers.all()) {
      try (RedisServers.Server server = binary.start()) {
        measure(
            binary.toString(),
            new RedisCacheStoreProvider(),
            server.url(),
            () -> (long) info(server, "memory", "used_memory"),
            () -> info(server, "cpu", "used_cpu_user") + info(server, "cpu", "used_cpu_sys"));
      }
    }
  }

  @Test
  void memory() throws Exception {
    measure("memory", new CaffeineCacheStoreProvider(), "", EntityStoreBenchmark::heap, () -> 0);
  }

  private static double info(RedisServers.Server server, String section, String field) {
    String info = (String) server.command("INFO", section);
    return Double.parseDouble(info.replaceAll("(?s).*\\b" + field + ":([\\d.]+).*", "$1"));
  }

  private static void measure(
      String name,
      CacheStoreProvider provider,
      String url,
      LongSupplier used,
      DoubleSupplier serverSeconds)
      throws Exception {
    var section = new MapSection(provider.keys(), url.isEmpty() ? Map.of() : Map.of("url", url));
    var context = new EntityStoreContext("benchmark", "benchmark", 1L << 30, section, CLOCK);
    try (EntityStore store = provider.openEntities(context).orElseThrow()) {
      Eventually.holds("the store answers", () -> answers(store));
      long before = used.getAsLong();
      for (int i = 0; i < GUILDS; i += GUILDS_AT_ONCE) {
        store.apply(leader(store), APP, told(i));
      }
      long perGuild = (used.getAsLong() - before) / GUILDS;

      var guilds = IntStream.range(0, GUILDS).mapToObj(SyntheticGuild::of).toList();
      var snapshots = guilds.stream().map(guild -> guild.told(1)).toList();
      var random = new Random(1);
      Step snapshot = () -> snapshots(store, snapshots, random);
      Step change = () -> changes(store, guilds, random);
      run(WARM_UP, snapshot, serverSeconds);
      String snapshotRate = run(RUN, snapshot, serverSeconds);
      run(WARM_UP, change, serverSeconds);
      String changeRate = run(RUN, change, serverSeconds);
      System.out.printf("%s: %,d bytes per guild%n", name, perGuild);
      System.out.printf("  guilds: %s%n  small changes: %s%n", snapshotRate, changeRate);
    }
  }

  private static int snapshots(EntityStore store, List<GuildChanges> snapshots, Random random)
      throws InterruptedException {
    int from = random.nextInt(GUILDS - GUILDS_AT_ONCE);
    store.apply(leader(store), APP, snapshots.subList(from, from + GUILDS_AT_ONCE));
    return GUILDS_AT_ONCE;
  }

  /** As events are applied: look at the guilds, look at what changes, change it. */
  private static int changes(EntityStore store, List<SyntheticGuild> guilds, Random random)
      throws InterruptedException {
    int from = random.nextInt(GUILDS - CHANGES_AT_ONCE);
    var changed = guilds.subList(from, from + CHANGES_AT_ONCE);
    var keys = new ArrayList<EntityKey>();
    for (SyntheticGuild guild : changed) {
      long role = guild.entities().get(EntityType.ROLE).firstKey();
      keys.add(new EntityKey(guild.id(), EntityType.ROLE, role));
    }
    store.records(APP, changed.stream().map(SyntheticGuild::id).toList());
    var found = store.get(APP, keys);
    var changes = new ArrayList<GuildChanges>();
    for (int i = 0; i < changed.size(); i++) {
      Body role = Body.of(found.get(i).orElseThrow().bytes().clone());
      changes.add(changed.get(i).changed(keys.get(i).id(), role, i));
    }
    store.apply(leader(store), APP, changes);
    return CHANGES_AT_ONCE;
  }

  /** How much per second, and the processor's time for each, which others' load changes less. */
  private static String run(Duration time, Step step, DoubleSupplier serverSeconds)
      throws InterruptedException {
    var process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    double serverBefore = serverSeconds.getAsDouble();
    double before = process.getProcessCpuTime() / 1e9;
    long start = System.nanoTime();
    long done = 0;
    while (System.nanoTime() - start < time.toNanos()) {
      done += step.run();
    }
    return "%,.0f/s, %.0f us of CPU here, %.0f us in the server"
        .formatted(
            done * 1e9 / (System.nanoTime() - start),
            (process.getProcessCpuTime() / 1e9 - before) / done * 1e6,
            (serverSeconds.getAsDouble() - serverBefore) / done * 1e6);
  }

  private static List<GuildChanges> told(int from) {
    return IntStream.range(from, from + GUILDS_AT_ONCE)
        .mapToObj(number -> SyntheticGuild.of(number).told(1))
        .toList();
  }

  private static long leader(EntityStore store) throws InterruptedException {
    return store.lead(Duration.ofMinutes(1)).orElseThrow();
  }

  private static boolean answers(EntityStore store) throws InterruptedException {
    try {
      return store.app().isEmpty();
    } catch (StoreException e) {
      return false;
    }
  }

  private static long heap() {
    for (int i = 0; i < 4; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
