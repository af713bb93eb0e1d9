package dev.spectacles.proxy.application.service;

import static dev.spectacles.proxy.application.port.out.Requests.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spectacles.proxy.application.port.out.InMemoryEgressStore;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.application.service.EgressGuard.Verdict;
import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.Claim;
import dev.spectacles.proxy.domain.ratelimit.EgressReport;
import dev.spectacles.proxy.domain.ratelimit.Grant;
import dev.spectacles.proxy.domain.ratelimit.Grant.Reach;
import dev.spectacles.proxy.domain.ratelimit.InvalidLimit;
import dev.spectacles.proxy.domain.ratelimit.Lease;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.Priority;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests.Scope;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EgressGuardTest {
  private static final TokenId TOKEN = new TokenId("token");
  private static final Route A = route("GET", "/channels/1/alpha");
  private static final Route B = route("GET", "/channels/1/beta");
  private static final Route CALLBACK =
      route("POST", "/interactions/175928847299117063/aToken/callback");

  private final ManualClock clock = new ManualClock();
  private final InMemoryEgressStore egress = new InMemoryEgressStore(clock);
  private final ScriptedStore limits = new ScriptedStore();
  private final List<Long> counts = new ArrayList<>();
  private final List<Boolean> blocked = new ArrayList<>();
  private final AtomicInteger changes = new AtomicInteger();
  private final EgressGuard guard = guard(egress, InvalidLimit.DISCORDS);

  private final class Recorder implements ProxyEvents {
    @Override
    public void invalidRequests(long inWindow) {
      counts.add(inWindow);
    }

    @Override
    public void egressBlocked(boolean isBlocked) {
      blocked.add(isBlocked);
    }
  }

  @Test
  void nothingKnown_letsEverythingThrough() throws Exception {
    assertThat(guard.verdict()).isEqualTo(new Verdict.Open());
    assertThat(leases(guard.claim(TOKEN, List.of(new Claim(A, 3), new Claim(B, 4)), limits)))
        .hasSize(7);
  }

  @Test
  void ban_isMetOnce_andHoldsEverythingForItsTime() throws Exception {
    guard.listen(changes::incrementAndGet);
    for (Lease lease : take(A, 5)) {
      guard.ended(lease, cloudflare(60));
    }
    assertThat(guard.verdict())
        .isInstanceOfSatisfying(
            Verdict.Held.class,
            held -> {
              assertThat(held.hold().reach()).isEqualTo(Reach.EGRESS);
              assertThat(held.hold().delay()).isEqualTo(Duration.ofSeconds(60));
              assertThat(held.hold().atLeast()).isEqualTo(Duration.ofSeconds(60));
            });
    assertThat(leases(guard.claim(TOKEN, List.of(new Claim(A, 1)), limits))).isEmpty();
    assertThat(changes).as("told once").hasValue(1);
    assertThat(blocked).endsWith(true);
    assertThat(counts).as("they are invalid too").endsWith(5L);
  }

  @Test
  void endOfABan_letsOneProbeThrough_whateverIsAsked() throws Exception {
    ban();
    List<Grant> grants = guard.claim(TOKEN, List.of(new Claim(A, 3), new Claim(B, 3)), limits);
    assertThat(leases(grants)).hasSize(1);
    assertThat(grants).hasSize(2);
    assertThat(guard.verdict())
        .isInstanceOfSatisfying(
            Verdict.Held.class, held -> assertThat(held.hold().atLeast()).isZero());
    assertThat(leases(guard.claim(TOKEN, List.of(new Claim(A, 1)), limits))).isEmpty();
    assertThat(guard.enter(callback(1))).isInstanceOf(Verdict.Held.class);
    guard.ended(leases(grants).getFirst(), answered(200));
    assertThat(guard.verdict()).isEqualTo(new Verdict.Open());
    assertThat(blocked).endsWith(false);
  }

  @Test
  void probe_isOneOverAllInstances() throws Exception {
    EgressGuard second = guard(egress.another(), InvalidLimit.DISCORDS);
    ban();
    Lease probe = take(A, 1).getFirst();
    assertThat(leases(second.claim(TOKEN, List.of(new Claim(A, 1)), limits))).isEmpty();
    guard.ended(probe, answered(429));
    assertThat(leases(second.claim(TOKEN, List.of(new Claim(A, 2)), limits))).hasSize(2);
  }

  @Test
  void callback_canBeTheProbe_andMeetsTheBanAgain() throws Exception {
    ban();
    assertThat(guard.enter(callback(1))).isEqualTo(new Verdict.Open());
    guard.ended(callback(1), cloudflare(60));
    assertThat(guard.verdict())
        .isInstanceOfSatisfying(
            Verdict.Held.class,
            held -> assertThat(held.hold().delay()).isEqualTo(Duration.ofSeconds(120)));
  }

  @Test
  void probeThatTheLimitsDoNotGrant_isLeftToAnother() throws Exception {
    ban();
    limits.script = (token, claim) -> limits.held(claim, Duration.ofHours(1), Duration.ZERO);
    guard.claim(TOKEN, List.of(new Claim(A, 1)), limits);
    assertThat(guard.verdict()).isEqualTo(new Verdict.Open());
    limits.script =
        (token, claim) -> {
          throw new StoreException("down");
        };
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> guard.claim(TOKEN, List.of(new Claim(A, 1)), limits));
    assertThat(guard.enter(callback(1))).isEqualTo(new Verdict.Open());
  }

  @Test
  void probeThatIsNeverHeardOf_makesWayAfterHalfAMinute() throws Exception {
    ban();
    assertThat(take(A, 1)).hasSize(1);
    clock.advance(Duration.ofSeconds(29));
    assertThat(take(A, 1)).isEmpty();
    clock.advance(Duration.ofSeconds(2));
    assertThat(take(A, 1)).hasSize(1);
  }

  @Test
  void level_holdsBackWhatCanWait_andWhatWasForbidden() throws Exception {
    guard.ended(take(A, 1).getFirst(), answered(403));
    invalid(7_998);
    assertThat(leases(claim(A, Priority.LOW))).hasSize(1);
    assertThat(take(A, 1)).hasSize(1);
    invalid(1);
    List<Grant> low = claim(B, Priority.LOW);
    assertThat(leases(low)).isEmpty();
    assertThat(low.getFirst().hold().orElseThrow().reach()).isEqualTo(Reach.ROUTE);
    assertThat(take(A, 1)).as("forbidden a moment ago").isEmpty();
    assertThat(leases(guard.claim(new TokenId("b"), List.of(new Claim(A, 1)), limits))).hasSize(1);
    assertThat(take(B, 1)).hasSize(1);
    clock.advance(Duration.ofMinutes(1));
    assertThat(take(A, 1)).as("a minute later").hasSize(1);
  }

  @Test
  void answersOfMixedClaims_areInTheirOrder() throws Exception {
    invalid(8_000);
    List<Grant> grants =
        guard.claim(
            TOKEN,
            List.of(
                new Claim(A, 1, Priority.LOW, Duration.ZERO),
                new Claim(B, 2),
                new Claim(A, 3, Priority.LOW, Duration.ZERO)),
            limits);
    assertThat(grants.stream().map(grant -> grant.leases().size())).containsExactly(0, 2, 0);
    assertThat(leases(grants)).allMatch(lease -> lease.route().equals(B));
  }

  @Test
  void everything_isRefusedFrom9500_until9000() throws Exception {
    guard.listen(changes::incrementAndGet);
    invalid(8_999);
    clock.advance(Duration.ofMinutes(2));
    invalid(500);
    assertThat(guard.verdict()).isEqualTo(new Verdict.Open());
    invalid(1);
    assertThat(changes).hasValue(1);
    assertThat(guard.verdict())
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> assertThat(refused.atLeast()).isGreaterThan(Duration.ofMinutes(8)));
    assertThat(guard.enter(callback(1))).isInstanceOf(Verdict.Refused.class);
    assertThat(take(A, 1)).isEmpty();
    clock.advance(Duration.ofMinutes(9));
    assertThat(guard.verdict()).as("8,999 are out of the window").isEqualTo(new Verdict.Open());
    assertThat(take(A, 1)).hasSize(1);
    assertThat(changes).hasValue(2);
  }

  @Test
  void between9000And9500_nothingIsRefusedOnTheWayUp_butOnTheWayDown() {
    invalid(400);
    clock.advance(Duration.ofMinutes(1));
    invalid(9_099);
    assertThat(guard.verdict()).isEqualTo(new Verdict.Open());
    invalid(1);
    clock.advance(Duration.ofMinutes(10));
    assertThat(guard.verdict()).as("9,100 are left").isInstanceOf(Verdict.Refused.class);
    clock.advance(Duration.ofMinutes(1));
    assertThat(guard.verdict()).isEqualTo(new Verdict.Open());
  }

  @Test
  void requestsInFlight_countAsInvalidToBe() throws Exception {
    EgressGuard small = guard(new InMemoryEgressStore(clock), 200);
    List<Lease> sent = leases(small.claim(TOKEN, List.of(new Claim(A, 250)), limits));
    assertThat(sent).hasSize(190);
    assertThat(small.verdict()).as("none is invalid yet").isEqualTo(new Verdict.Open());
    assertThat(leases(small.claim(TOKEN, List.of(new Claim(B, 1)), limits))).isEmpty();
    sent.subList(0, 170).forEach(lease -> small.ended(lease, answered(403)));
    assertThat(small.verdict()).isInstanceOf(Verdict.Refused.class);
    sent.subList(170, 190).forEach(lease -> small.ended(lease, answered(200)));
    assertThat(small.verdict()).isEqualTo(new Verdict.Open());
    assertThat(leases(small.claim(TOKEN, List.of(new Claim(B, 30)), limits))).hasSize(20);
  }

  @Test
  void requestsInFlight_ofSeveralInstances_shareWhatIsLeft() throws Exception {
    var shared = new InMemoryEgressStore(clock);
    EgressGuard one = guard(shared, 200);
    EgressGuard two = guard(shared.another(), 200);
    var claims = List.of(new Claim(A, 250));
    int sent = 0;
    for (EgressGuard each : List.of(one, two)) {
      List<Lease> leases = leases(each.claim(TOKEN, claims, limits));
      sent += leases.size();
      leases.forEach(lease -> each.ended(lease, answered(403)));
    }
    assertThat(sent).isLessThanOrEqualTo(191);
  }

  @Test
  void flood_ofForbiddenRequests_staysBelowTheLimit() throws Exception {
    int sent = 0;
    while (guard.verdict() instanceof Verdict.Open) {
      Route fresh = route("GET", "/channels/" + (1_000 + sent) + "/alpha");
      List<Lease> leases = leases(guard.claim(TOKEN, List.of(new Claim(fresh, 70)), limits));
      sent += leases.size();
      leases.forEach(lease -> guard.ended(lease, answered(403)));
    }
    assertThat(sent).isEqualTo(9_500);
  }

  @Test
  void sharedLimits_areNotCounted() throws Exception {
    for (Lease lease : take(A, 100)) {
      guard.ended(lease, limited(Scope.SHARED, 1));
    }
    assertThat(counts).endsWith(0L);
  }

  @Test
  void offenders_areBounded() {
    var offenders = new Offenders();
    for (int i = 0; i < 20_000; i++) {
      offenders.forbidden(new TokenId("token-" + i), A, i);
    }
    assertThat(offenders.size()).isEqualTo(10_000);
    assertThat(offenders.contains(new TokenId("token-19999"), A, 20_000)).isTrue();
    assertThat(offenders.contains(new TokenId("token-1"), A, 20_000)).isFalse();
  }

  private EgressGuard guard(InMemoryEgressStore store, int limit) {
    return new EgressGuard(store, new InvalidLimit(limit), clock, new Recorder());
  }

  /** Makes the ban one that is over but for its probe. */
  private void ban() throws InterruptedException {
    guard.ended(take(A, 1).getFirst(), cloudflare(60));
    clock.advance(Duration.ofSeconds(60));
  }

  private List<Lease> take(Route route, int count) throws InterruptedException {
    return leases(guard.claim(TOKEN, List.of(new Claim(route, count)), limits));
  }

  private List<Grant> claim(Route route, Priority priority) throws InterruptedException {
    return guard.claim(TOKEN, List.of(new Claim(route, 1, priority, Duration.ZERO)), limits);
  }

  private void invalid(int count) {
    for (int i = 0; i < count; i++) {
      egress.report(new EgressReport.Invalid());
    }
  }

  private Lease callback(long id) {
    return new Lease(-id, TOKEN, CALLBACK, BucketKey.provisional(CALLBACK));
  }

  private static List<Lease> leases(List<Grant> grants) {
    return grants.stream().flatMap(grant -> grant.leases().stream()).toList();
  }

  private static Outcome answered(int code) {
    return new Outcome.Answered(code, Optional.empty(), Optional.empty());
  }

  private static Outcome cloudflare(long seconds) {
    return limited(Scope.CLOUDFLARE, seconds);
  }

  private static Outcome limited(Scope scope, long seconds) {
    var limited = new TooManyRequests(scope, Duration.ofSeconds(seconds));
    return new Outcome.Answered(429, Optional.empty(), Optional.of(limited));
  }
}
