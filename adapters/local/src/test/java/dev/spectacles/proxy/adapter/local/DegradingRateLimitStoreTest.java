package dev.spectacles.proxy.adapter.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.RateLimitStore;
import dev.spectacles.proxy.application.port.out.RateLimitStoreContract;
import dev.spectacles.proxy.application.port.out.Requests;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.ratelimit.BucketHash;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.GlobalLimits;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.RateLimitHeaders;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DegradingRateLimitStoreTest implements RateLimitStoreContract {
  private static final TokenId TOKEN = new TokenId("a");
  private static final Route ROUTE = Requests.route("GET", "/channels/1/alpha");

  private final ManualClock clock = new ManualClock();
  private final LocalLimits limits = new LocalLimits(clock, GlobalLimits.ofAll(50));
  private final SwitchedStore shared =
      new SwitchedStore(new LocalRateLimitStore(limits, "first"), clock);
  private final LocalRateLimitStore another = new LocalRateLimitStore(limits, "second");
  private final List<Boolean> told = new ArrayList<>();
  private final DegradingRateLimitStore store =
      new DegradingRateLimitStore(
          shared,
          LocalRateLimitStore.ofPart(clock, GlobalLimits.ofAll(50), () -> 2),
          clock,
          new ProxyEvents() {
            @Override
            public void degraded(boolean alone) {
              told.add(alone);
            }
          });

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

  private List<Lease> claim(int count) throws InterruptedException {
    return store.claim(TOKEN, List.of(new Claim(ROUTE, count))).getFirst().leases();
  }

  private Outcome answered(int limit, int remaining, long resetAfter) {
    var headers =
        new RateLimitHeaders(
            new BucketHash("hash"), limit, remaining, millis() + resetAfter, resetAfter);
    return new Outcome.Answered(200, Optional.of(headers), Optional.empty());
  }

  /** The limit is known: ten per second. */
  private void learnTheLimit() throws InterruptedException {
    store.release(claim(1).getFirst(), answered(10, 9, 1_000));
    clock.advance(Duration.ofSeconds(2));
  }

  @Test
  void instanceThatSentNothingMeanwhile_waitsForTheOthersToo() throws Exception {
    learnTheLimit();
    shared.goAway();
    clock.advance(Duration.ofSeconds(2));
    shared.comeBack();
    assertThatExceptionOfType(StoreException.class).isThrownBy(() -> claim(1));
    clock.advance(Duration.ofSeconds(4));
    assertThat(claim(1)).hasSize(1);
  }

  @Test
  void shortOutage_isWaitedFor() throws Exception {
    learnTheLimit();
    shared.goAway();
    clock.advance(Duration.ofMillis(999));
    assertThatExceptionOfType(StoreException.class).isThrownBy(() -> claim(1));
    assertThat(told).isEmpty();
  }

  @Test
  void longOutage_isBridgedWithAPartOfTheLimit_thatIsKnown() throws Exception {
    learnTheLimit();
    shared.goAway();
    clock.advance(Duration.ofSeconds(1));
    List<Lease> leases = claim(10);
    assertThat(leases).as("half of ten, for one of two").hasSize(5);
    assertThat(told).containsExactly(true);
    assertThat(store.restamp(leases.getFirst())).isTrue();
    store.renew(leases);
    store.release(leases.getFirst(), new Outcome.NotSent());
    assertThat(claim(10)).hasSize(1);
  }

  @Test
  void globalLimit_isParted_too() throws Exception {
    learnTheLimit();
    shared.goAway();
    clock.advance(Duration.ofSeconds(1));
    int granted = 0;
    for (int channel = 100; channel < 120; channel++) {
      var claim = new Claim(Requests.route("GET", "/channels/" + channel + "/alpha"), 5);
      granted += store.claim(TOKEN, List.of(claim)).getFirst().leases().size();
    }
    assertThat(granted).isEqualTo(25);
  }

  @Test
  void lessThanOneForEach_goesByTurns() throws Exception {
    store.release(claim(1).getFirst(), answered(1, 0, 500));
    clock.advance(Duration.ofSeconds(2));
    shared.goAway();
    clock.advance(Duration.ofSeconds(1));
    Lease lease = claim(1).getFirst();
    store.release(lease, answered(1, 0, 500));
    clock.advance(Duration.ofMillis(600));
    assertThat(claim(1)).as("the other's turn").isEmpty();
    clock.advance(Duration.ofMillis(1_500));
    assertThat(claim(1)).hasSize(1);
  }

  @Test
  void storeThatIsBack_knowsWhatWasSentAlone_andNothingGoesOutBefore() throws Exception {
    learnTheLimit();
    shared.goAway();
    clock.advance(Duration.ofSeconds(1));
    List<Lease> alone = claim(4);
    for (Lease lease : alone) {
      store.release(lease, answered(10, 3, 9_000));
    }
    shared.comeBack();
    assertThatExceptionOfType(StoreException.class).isThrownBy(() -> claim(1));
    assertThat(told).containsExactly(true, false);
    clock.advance(Duration.ofMillis(3_950));
    assertThatExceptionOfType(StoreException.class).isThrownBy(() -> claim(1));
    clock.advance(Duration.ofMillis(100));
    assertThat(claim(10)).as("what the answers left").hasSize(3);
  }

  @Test
  void leaseOfThePart_isItsOwn_whenTheSharedStoreIsBack() throws Exception {
    learnTheLimit();
    shared.goAway();
    clock.advance(Duration.ofSeconds(1));
    Lease lease = claim(1).getFirst();
    shared.comeBack();
    assertThat(store.restamp(lease)).isTrue();
    store.renew(List.of(lease));
    store.release(lease, answered(10, 9, 1_000));
    clock.advance(Duration.ofSeconds(5));
    assertThat(claim(10)).hasSize(10);
  }

  @Test
  void peek_asksTheOneThatDecides() throws Exception {
    learnTheLimit();
    assertThat(store.peek(TOKEN, List.of(ROUTE)).getFirst().limit()).isEqualTo(10);
    shared.goAway();
    assertThat(store.peek(TOKEN, List.of(ROUTE)).getFirst().limit()).isEqualTo(10);
  }
}
