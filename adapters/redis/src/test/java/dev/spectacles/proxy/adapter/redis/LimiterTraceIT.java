package dev.spectacles.proxy.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.local.LocalRateLimitStore;
import dev.spectacles.proxy.adapter.spi.MapSection;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.RealClock;
import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.GlobalLimits;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.route.MajorParameter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redis and memory grant the same for the same course of events. */
@OnEveryServer
final class LimiterTraceIT {
  private static final int STEPS = 300;
  private static final int[] GLOBAL_LIMITS = {50, 12, 5};

  private final RedisServers.Server server;
  private final LimitKeys keys = new LimitKeys("default");
  private final Map<String, LimiterSession> sessions = new LinkedHashMap<>();

  /** By prefix of the caller's keys and instance. */
  private final Map<String, BlockingQueue<String>> messages = new ConcurrentHashMap<>();

  LimiterTraceIT(RedisServers.Server server) {
    this.server = server;
  }

  @BeforeEach
  void connect() throws InterruptedException {
    var settings =
        RedisSettings.of(new MapSection(RedisSettings.keys(), Map.of("url", server.url())));
    for (String instance : LimiterTrace.INSTANCES) {
      sessions.put(
          instance,
          LimiterSession.open(
              settings,
              instance,
              new RealClock(),
              message -> queue(message.split("\n", -1)[0], instance).add(message)));
    }
  }

  @AfterEach
  void close() {
    sessions.values().forEach(LimiterSession::close);
  }

  @Test
  void byTheServersClock_sameInMemory() throws Exception {
    warmUp();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<Integer>>();
      for (long seed = 1; seed <= 20; seed++) {
        long one = seed;
        var token = new TokenId("real-" + one);
        var store = new ServerTimedStore(token, sessions, globalLimit(one), leaseTime());
        running.add(threads.submit(() -> trace(one, token, store, Duration.ofSeconds(1))));
      }
      int granted = 0;
      for (Future<Integer> one : running) {
        granted += one.get();
      }
      assertThat(granted).as("there is something to compare").isGreaterThan(20 * STEPS / 4);
    }
  }

  @Test
  void byAClockThatTheTestSets_sameInMemory() throws Exception {
    int granted = 0;
    for (long seed = 101; seed <= 120; seed++) {
      var token = new TokenId("virtual-" + seed);
      try (var connection = new RespConnection(server.port())) {
        var store = new VirtuallyTimedStore(token, connection, globalLimit(seed), leaseTime());
        granted += trace(seed, token, store, Duration.ofSeconds(58));
      }
    }
    assertThat(granted).as("there is something to compare").isGreaterThan(20 * STEPS / 4);
  }

  private int trace(long seed, TokenId token, TracedStore store, Duration longestPause)
      throws Exception {
    var wakes = new SubscribedWakes(token);
    return new LimiterTrace(seed, token, globalLimit(seed), store, wakes, longestPause).run(STEPS);
  }

  /** Sessions that know how near the server is do not add to the margin of the global limit. */
  private void warmUp() throws InterruptedException {
    var token = new TokenId("warm-up");
    var store = new ServerTimedStore(token, sessions, 50, leaseTime());
    for (int i = 0; i < 50; i++) {
      for (String instance : LimiterTrace.INSTANCES) {
        store.turn(instance, List.of(), List.of(), 0);
      }
    }
    assertThat(sessions.values())
        .allSatisfy(session -> assertThat(session.usualDelay()).isLessThan(Duration.ofMillis(4)));
  }

  private static Duration leaseTime() {
    return new LocalRateLimitStore(new ManualClock(), GlobalLimits.ofAll(1)).leaseTime();
  }

  private static int globalLimit(long seed) {
    return GLOBAL_LIMITS[(int) (seed % GLOBAL_LIMITS.length)];
  }

  private BlockingQueue<String> queue(String prefix, String instance) {
    return messages.computeIfAbsent(prefix + instance, any -> new LinkedBlockingQueue<>());
  }

  private final class SubscribedWakes implements LimiterTrace.Wakes {
    private static final String END = "end";

    private final TokenId token;

    SubscribedWakes(TokenId token) {
      this.token = token;
    }

    @Override
    public Optional<TurnResult.Opening> next(String instance) throws InterruptedException {
      String message = queue(keys.prefix(token), instance).poll(5, TimeUnit.SECONDS);
      return Optional.ofNullable(message).map(SubscribedWakes::opening);
    }

    @Override
    public boolean isOver() throws InterruptedException {
      for (String instance : LimiterTrace.INSTANCES) {
        String last = keys.prefix(token) + '\n' + END + "\n\n0";
        server.command("PUBLISH", LimitKeys.channel(instance), last);
        if (next(instance).filter(wake -> wake.bucket().name().equals(END)).isEmpty()) {
          return false;
        }
      }
      return true;
    }

    private static TurnResult.Opening opening(String message) {
      String[] fields = message.split("\n", -1);
      var bucket = new BucketKey(fields[1], new MajorParameter(fields[2]));
      long micros = (long) Double.parseDouble(fields[3]);
      return new TurnResult.Opening(bucket, Duration.ofNanos(micros * 1_000));
    }
  }
}
