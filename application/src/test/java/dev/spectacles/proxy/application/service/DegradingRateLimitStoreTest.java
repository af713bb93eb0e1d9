package dev.spectacles.proxy.application.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.Requests;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DegradingRateLimitStoreTest {
  private static final TokenId TOKEN = new TokenId("a");
  private static final Route ROUTE = Requests.route("GET", "/channels/1/alpha");

  private final ManualClock clock = new ManualClock();
  private final ScriptedStore shared = new ScriptedStore(1_000);
  private final ScriptedStore part = new ScriptedStore(1);
  private final List<Boolean> told = new ArrayList<>();
  private final DegradingRateLimitStore store =
      new DegradingRateLimitStore(
          shared,
          part,
          clock,
          new ProxyEvents() {
            @Override
            public void degraded(boolean alone) {
              told.add(alone);
            }
          });

  private Lease claim() throws InterruptedException {
    return store.claim(TOKEN, List.of(new Claim(ROUTE, 1))).getFirst().leases().getFirst();
  }

  @Test
  void sharedStore_decides_asLongAsItIsThere() throws Exception {
    claim();
    assertThat(shared.claimed).hasSize(1);
    assertThat(part.claimed).isEmpty();
    assertThat(told).isEmpty();
  }

  @Test
  void shortOutage_isWaitedFor() throws Exception {
    shared.away = Optional.of(Duration.ofMillis(999));
    claim();
    assertThat(part.claimed).isEmpty();
  }

  @Test
  void longOutage_isBridgedWithThePart() throws Exception {
    shared.away = Optional.of(Duration.ofSeconds(1));
    Lease lease = claim();
    assertThat(part.claimed).hasSize(1);
    assertThat(shared.claimed).isEmpty();
    assertThat(told).containsExactly(true);
    store.restamp(lease);
    store.renew(List.of(lease));
    assertThat(part.restamped).containsExactly(lease);
    assertThat(part.renewed).containsExactly(lease);
    assertThat(shared.restamped).isEmpty();
    assertThat(shared.renewed).isEmpty();
  }

  @Test
  void everyOutcome_teachesBoth() throws Exception {
    Lease ofShared = claim();
    store.release(ofShared, new Outcome.NotSent());
    shared.away = Optional.of(Duration.ofSeconds(2));
    Lease ofPart = claim();
    store.release(ofPart, new Outcome.NotSent());
    assertThat(shared.released)
        .extracting(ScriptedStore.Released::lease)
        .containsExactly(ofShared, ofPart);
    assertThat(part.released)
        .extracting(ScriptedStore.Released::lease)
        .containsExactly(ofShared, ofPart);
  }

  @Test
  void storeThatIsBack_decidesOnlyWhenWhatWasSentAloneIsCounted() throws Exception {
    shared.away = Optional.of(Duration.ofSeconds(2));
    Lease ofPart = claim();
    shared.away = Optional.empty();
    assertThatExceptionOfType(StoreException.class).isThrownBy(this::claim);
    assertThat(told).containsExactly(true, false);
    clock.advance(Duration.ofMillis(1_250));
    assertThatExceptionOfType(StoreException.class).isThrownBy(this::claim);
    clock.advance(Duration.ofMillis(100));
    claim();
    assertThat(shared.claimed).hasSize(1);
    store.renew(List.of(ofPart));
    assertThat(part.renewed).as("it is still the part's").containsExactly(ofPart);
  }

  @Test
  void peek_asksTheOneThatDecides() throws Exception {
    assertThat(store.peek(TOKEN, List.of(ROUTE))).hasSize(1);
    assertThat(shared.peeked).hasValue(1);
    shared.away = Optional.of(Duration.ofSeconds(2));
    store.peek(TOKEN, List.of(ROUTE));
    assertThat(part.peeked).hasValue(1);
  }

  @Test
  void learntLimit_isToldToBoth() throws Exception {
    store.learnGlobalLimit(TOKEN, 500);
    assertThat(shared.learned).containsEntry(TOKEN, 500);
    assertThat(part.learned).containsEntry(TOKEN, 500);
  }
}
