package dev.spectacles.proxy.e2e;

import dev.spectacles.proxy.adapter.redis.EmbeddedRedis;
import dev.spectacles.proxy.adapter.spi.RequestClient.Call;
import dev.spectacles.proxy.bootstrap.EmbeddedProxy;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * After the answer to a change by one bot through one instance, no bot gets an old answer from any
 * instance. Answers are kept even right after a change, as this Discord has no replicas that lag.
 */
@Tag("redis")
class CacheRaceIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final long seed = ThreadLocalRandom.current().nextLong();

  @ParameterizedTest
  @CsvSource({"memory, 10000", "redis, 2000"})
  void answeredChange_isSeenByAllInstances(String store, int tries) throws Exception {
    try (var redis = EmbeddedRedis.start();
        var discord = new Upstream(new VersionedRoles())) {
      Map<String, String> settings =
          Map.of(
              "redis.url",
              redis.url(),
              "ratelimit.store",
              "redis",
              "ratelimit.global",
              "1000000",
              "cache.rest.store",
              store,
              "cache.rest.settle",
              "0s",
              "discord.api_url",
              discord.apiUrl().toString());
      try (var one = EmbeddedProxy.start(settings);
          var other = EmbeddedProxy.start(settings)) {
        List<EmbeddedProxy> instances = List.of(one, other);
        var race =
            new RoleRace(
                (instance, method, path, token) ->
                    ask(instances.get(instance), method, path, token),
                instances.size(),
                tries,
                seed);
        race.warmUp();
        race.run();
      }
    }
  }

  /** Who publishes to a stream cannot say which instance is to answer. */
  @Test
  void answeredChange_isSeenByAllProcesses() throws Exception {
    try (var redis = EmbeddedRedis.start();
        var discord = new Upstream(new VersionedRoles());
        var worker = new Worker(redis.url())) {
      var settings = new HashMap<>(ProxyProcess.caching(redis.url(), discord.apiUrl()));
      settings.put("RATELIMIT_GLOBAL", "1000000");
      settings.put("CACHE_REST_SETTLE", "0s");
      try (var fleet = new Fleet(settings, "")) {
        fleet.scaleTo(2);
        Fleet.warmUp(worker, "race");
        new RoleRace(
                (instance, method, path, token) ->
                    worker
                        .publish(new Worker.Draft(method, path).header("Authorization", token))
                        .http(PATIENCE.toSeconds()),
                2,
                1_000,
                seed)
            .run();
      }
    }
  }

  private static ProxyResponse.Http ask(
      EmbeddedProxy proxy, String method, String path, String token) throws InterruptedException {
    var call = new Call(method, path, Map.of(), Map.of("Authorization", token), Optional.empty());
    ProxyResponse answer =
        proxy
            .client()
            .call(call, PATIENCE)
            .orElseThrow(() -> new AssertionError("no answer within " + PATIENCE));
    if (answer instanceof ProxyResponse.Http http) {
      return http;
    }
    throw new AssertionError(answer.toString());
  }
}
