package dev.spectacles.proxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Many bots' threads that read and change the roles of some guilds through several instances, and
 * check of each answer that it is no older than the changes that were answered before it was asked
 * for.
 */
final class RoleRace {
  private static final int THREADS = 16;
  private static final int GUILDS = 24;
  private static final int MOST_MINUTES = 2;
  private static final List<String> TOKENS = List.of("Bot one", "Bot two");

  /** Way to an instance. */
  interface Ask {
    ProxyResponse.Http ask(int instance, String method, String path, String token) throws Exception;
  }

  private final Ask way;
  private final int instances;
  private final long seed;

  /** Newest version of each guild that a PATCH was answered with. */
  private final AtomicIntegerArray told = new AtomicIntegerArray(GUILDS);

  private final AtomicInteger left;
  private final AtomicInteger hits = new AtomicInteger();
  private final AtomicInteger writes = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> old = new ConcurrentLinkedQueue<>();

  /**
   * Race that is not run yet.
   *
   * @param tries number of GETs
   * @param seed of what is asked by each thread, though not of who is first
   */
  RoleRace(Ask way, int instances, int tries, long seed) {
    this.way = way;
    this.instances = instances;
    this.left = new AtomicInteger(tries);
    this.seed = seed;
  }

  /** Returns when all instances give answers again, which needs connections. */
  void warmUp() throws Exception {
    for (int i = 0; i < instances; i++) {
      int instance = i;
      Until.holds(
          "answers are given again",
          () -> isHit(way.ask(instance, "GET", path(GUILDS), TOKENS.getFirst())));
    }
  }

  /** Fails if an old answer was given, or if hardly any came from the cache. */
  void run() throws Exception {
    int tries = left.get();
    long start = System.nanoTime();
    List<Future<?>> threads = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var random = new SplittableRandom(seed);
      for (int i = 0; i < THREADS; i++) {
        SplittableRandom own = random.split();
        threads.add(executor.submit(() -> race(own)));
      }
      for (Future<?> thread : threads) {
        thread.get(MOST_MINUTES, TimeUnit.MINUTES);
      }
    }
    System.out.printf(
        "seed %d: %d GETs, %d of them hits, and %d PATCHes in %.1f s%n",
        seed, tries, hits.get(), writes.get(), (System.nanoTime() - start) / 1e9);
    assertThat(old).as("old answers, seed %d", seed).isEmpty();
    assertThat(hits).as("hits, seed %d", seed).hasValueGreaterThan(tries / 4);
    assertThat(writes).as("writes, seed %d", seed).hasValueGreaterThan(tries / 25);
  }

  private Void race(SplittableRandom random) throws Exception {
    while (left.getAndDecrement() > 0 && old.isEmpty()) {
      int guild = random.nextInt(GUILDS);
      int token = random.nextInt(TOKENS.size());
      int instance = random.nextInt(instances);
      if (random.nextInt(12) == 0) {
        write(guild, instance, TOKENS.get(token));
        // What matters most: the other bot, at another instance, at once.
        read(guild, (instance + 1) % instances, TOKENS.get(1 - token));
      } else {
        read(guild, instance, TOKENS.get(token));
      }
    }
    return null;
  }

  private void write(int guild, int instance, String token) throws Exception {
    ProxyResponse.Http answer = way.ask(instance, "PATCH", path(guild), token);
    told.accumulateAndGet(guild, version(answer), Math::max);
    writes.incrementAndGet();
  }

  private void read(int guild, int instance, String token) throws Exception {
    int atLeast = told.get(guild);
    ProxyResponse.Http answer = way.ask(instance, "GET", path(guild), token);
    int version = version(answer);
    if (isHit(answer)) {
      hits.incrementAndGet();
    }
    if (version < atLeast) {
      old.add(
          "guild %d: %d (expected: >= %d) by instance %d, %s"
              .formatted(guild, version, atLeast, instance, status(answer)));
    }
  }

  private static boolean isHit(ProxyResponse.Http answer) {
    return status(answer).contains("; hit");
  }

  private static String status(ProxyResponse.Http answer) {
    return answer.headers().first("cache-status").orElse("");
  }

  private static int version(ProxyResponse.Http answer) {
    assertThat(answer.code()).as(answer.body().utf8()).isEqualTo(200);
    return Integer.parseInt(answer.body().utf8());
  }

  private static String path(int guild) {
    return "/guilds/" + (guild + 1) + "/roles";
  }
}
