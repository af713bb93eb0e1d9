package dev.spectacles.proxy.adapter.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.RateLimitStore;
import dev.spectacles.proxy.application.port.out.RateLimitStoreContract;
import dev.spectacles.proxy.application.port.out.Requests;
import dev.spectacles.proxy.domain.ratelimit.BucketHash;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.GlobalLimits;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.RateLimitHeaders;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.route.BlockKey;
import dev.spectacles.proxy.domain.route.MajorParameter;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LocalRateLimitStoreTest implements RateLimitStoreContract {
  private final ManualClock clock = new ManualClock();
  private final LocalLimits limits = new LocalLimits(clock, GlobalLimits.ofAll(50));
  private final LocalRateLimitStore store = new LocalRateLimitStore(limits, "first");
  private final LocalRateLimitStore another = new LocalRateLimitStore(limits, "second");

  @Override
  public RateLimitStore store() {
    return store;
  }

  @Override
  public RateLimitStore another() {
    return another;
  }

  @Override
  public void pass(Duration duration) {
    clock.advance(duration);
  }

  @Override
  public long millis() {
    return clock.nanoTime() / 1_000_000;
  }

  @Test
  void millionPaths_ofAThousandChannels_leaveLittleAfterAWhile() {
    var token = new TokenId("a");
    var kind = Route.Kind.OTHER;
    for (int i = 0; i < 1_000_000; i++) {
      // Not by way of the resolver, which would make few keys of them.
      var key = new RouteKey("GET /" + i / 100);
      var major = new MajorParameter("channels/" + i % 1_000);
      var route = new Route(key, major, new BlockKey(key + " " + major), kind);
      for (Lease lease : store.claim(token, List.of(new Claim(route, 1))).getFirst().leases()) {
        store.release(lease, answered("hash-" + i % 3_000));
      }
      clock.advance(Duration.ofMillis(25));
    }
    assertThat(store.size()).as("while busy").isLessThan(25_000);
    idleFor(Duration.ofMinutes(5), new TokenId("b"));
    assertThat(store.size()).isLessThan(5_000);
  }

  @Test
  void manyCallers_areForgottenWhenIdle() {
    Route route = Requests.route("GET", "/channels/1/alpha");
    for (int i = 0; i < 10_000; i++) {
      var token = new TokenId("token-" + i);
      Lease lease = store.claim(token, List.of(new Claim(route, 1))).getFirst().leases().getFirst();
      store.release(lease, answered("hash"));
    }
    idleFor(Duration.ofMinutes(5), new TokenId("b"));
    assertThat(store.size()).isLessThan(10);
  }

  @Test
  void leaseThatNobodyGivesBack_isForgottenInTheEnd() {
    Route route = Requests.route("GET", "/channels/1/alpha");
    for (int i = 0; i < 100; i++) {
      store.claim(new TokenId("token-" + i), List.of(new Claim(route, 1)));
    }
    idleFor(Duration.ofMinutes(5), new TokenId("b"));
    assertThat(store.size()).isLessThan(10);
  }

  @Test
  void sweep_keepsWhatIsStillNeeded() {
    var token = new TokenId("a");
    Route route = Requests.route("GET", "/channels/1/alpha");
    Lease probe = store.claim(token, List.of(new Claim(route, 1))).getFirst().leases().getFirst();
    store.release(
        probe,
        new Outcome.Answered(
            200,
            Optional.of(
                new RateLimitHeaders(new BucketHash("h"), 5, 0, millis() + 600_000, 600_000)),
            Optional.empty()));
    idleFor(Duration.ofMinutes(9), new TokenId("b"));
    assertThat(store.claim(token, List.of(new Claim(route, 1))).getFirst().leases()).isEmpty();
  }

  /** Sweeps happen when somebody claims. */
  private void idleFor(Duration time, TokenId somebody) {
    Route other = Requests.route("GET", "/users/@me");
    for (Duration passed = Duration.ZERO;
        passed.compareTo(time) < 0;
        passed = passed.plusSeconds(11)) {
      clock.advance(Duration.ofSeconds(11));
      for (Lease lease : store.claim(somebody, List.of(new Claim(other, 1))).getFirst().leases()) {
        store.release(lease, new Outcome.NotSent());
      }
    }
  }

  private Outcome answered(String hash) {
    var headers = new RateLimitHeaders(new BucketHash(hash), 5, 4, millis() + 1_000, 1_000);
    return new Outcome.Answered(200, Optional.of(headers), Optional.empty());
  }
}
