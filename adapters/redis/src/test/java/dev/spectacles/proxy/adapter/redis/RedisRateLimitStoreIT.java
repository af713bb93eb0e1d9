package dev.spectacles.proxy.adapter.redis;

import static dev.spectacles.proxy.application.port.out.Requests.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.adapter.spi.MapSection;
import dev.spectacles.proxy.application.port.out.RateLimitStore;
import dev.spectacles.proxy.application.port.out.RateLimitStoreContract;
import dev.spectacles.proxy.application.port.out.RealClock;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.GlobalLimits;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@OnEveryServer
@Execution(ExecutionMode.CONCURRENT) // they wait most of the time, for windows to end
final class RedisRateLimitStoreIT implements RateLimitStoreContract {
  private final RealClock clock = new RealClock();
  private final RedisServers.Server server;
  private RedisRateLimitStore store;
  private RedisRateLimitStore another;

  RedisRateLimitStoreIT(RedisServers.Server server) {
    this.server = server;
  }

  @BeforeEach
  void connect() throws InterruptedException {
    String test = UUID.randomUUID().toString();
    store = open("first-" + test);
    another = open("second-" + test);
  }

  @AfterEach
  void close() {
    another.close();
    store.close();
  }

  @Test
  void scriptsThatTheServerForgot_areSentAnew() throws Exception {
    var token = new TokenId(UUID.randomUUID().toString());
    var claims = List.of(new Claim(route("GET", "/channels/1/alpha"), 1));
    try (var own = RedisServers.embedded().start();
        var onOwn = open("flushed", own);
        var connection = new RespConnection(own.port())) {
      assertThat(onOwn.claim(token, claims).getFirst().leases()).hasSize(1);
      connection.command("SCRIPT", "FLUSH");
      assertThat(onOwn.claim(token, claims).getFirst().leases()).isEmpty();
    }
  }

  private RedisRateLimitStore open(String instance) throws InterruptedException {
    return open(instance, server);
  }

  private RedisRateLimitStore open(String instance, RedisServers.Server on)
      throws InterruptedException {
    var settings = RedisSettings.of(new MapSection(RedisSettings.keys(), Map.of("url", on.url())));
    var context =
        new LimiterContext(
            instance, "default", GlobalLimits.ofAll(50), Duration.ofMillis(2_500), clock);
    var opened = new RedisRateLimitStore(settings, context).start();
    opened.awaitConnection(Duration.ofSeconds(10));
    return opened;
  }

  @Override
  public RateLimitStore store() {
    return store;
  }

  @Override
  public RateLimitStore another() {
    return another;
  }

  @Override
  public void pass(Duration duration) throws InterruptedException {
    clock.sleep(duration);
  }

  @Override
  public long millis() {
    return clock.nanoTime() / 1_000_000;
  }
}
