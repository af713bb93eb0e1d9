package dev.spectacles.proxy.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.in.CheckReadiness.Readiness;
import dev.spectacles.proxy.application.port.in.PeekLimits;
import dev.spectacles.proxy.application.port.in.Status;
import dev.spectacles.proxy.application.port.in.Status.Condition.Word;
import dev.spectacles.proxy.application.port.in.Status.LimitStore.Sharing;
import dev.spectacles.proxy.application.port.out.InMemoryEgressStore;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.ratelimit.BucketKey;
import dev.spectacles.proxy.domain.ratelimit.BucketStatus;
import dev.spectacles.proxy.domain.ratelimit.EgressReport;
import dev.spectacles.proxy.domain.ratelimit.Model;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LookAtProxyServiceTest {
  private final ManualClock clock = new ManualClock();
  private final RollingProxyEvents events = new RollingProxyEvents(clock);
  private final ScriptedStore store = new ScriptedStore();
  private final InMemoryEgressStore egress = new InMemoryEgressStore(clock);
  private List<String> notReady = List.of();
  private Status.Held held = new Status.Held(0, 100, 0, 1_000);
  private PeekLimits limits = atMost -> List.of();
  private List<String> notes = List.of();
  private Optional<String> absence = Optional.empty();
  private boolean degrades = true;
  private final LookAtProxyService look = service(true);

  @AfterEach
  void close() {
    look.close();
  }

  @Test
  void nothingHappens_isIdle() throws InterruptedException {
    clock.advance(Duration.ofSeconds(90));

    Status status = look.look();

    assertThat(status.condition()).isEqualTo(new Status.Condition(Word.IDLE, List.of()));
    assertThat(status.instance().uptime()).isEqualTo(Duration.ofSeconds(90));
    assertThat(status.store())
        .isEqualTo(new Status.LimitStore("redis", Sharing.SHARED, Optional.empty(), 1));
  }

  @Test
  void requestsAreAnswered_isServing() throws InterruptedException {
    events.requestFinished(
        Route.UNREADABLE,
        new ProxyResponse.Http(200, Headers.empty(), "", Body.empty()),
        Duration.ofMillis(1));

    assertThat(look.look().condition().word()).isEqualTo(Word.SERVING);
  }

  @Test
  void somebodyWaitsLong_isSaturated() throws InterruptedException {
    limits = atMost -> List.of(waiting(Duration.ofSeconds(7)));

    Status status = look.look();

    assertThat(status.condition().word()).isEqualTo(Word.SATURATED);
    assertThat(status.condition().reasons())
        .containsExactly(
            "more comes than Discord's limits let through: the oldest request has waited 7 s");
    assertThat(status.limits().buckets().orElseThrow()).hasSize(1);
  }

  @Test
  void nearlyAllThatMayBeHeld_isSaturated() throws InterruptedException {
    held = new Status.Held(1, 100, 800, 1_000);

    assertThat(look.look().condition().word()).isEqualTo(Word.SATURATED);
  }

  @Test
  void storeAway_isDegraded_andSaysWhatItMeans() throws InterruptedException {
    store.away = Optional.of(Duration.ofSeconds(12));
    notes = List.of("limiter store away for 12 s");

    Status status = look.look();

    assertThat(status.condition())
        .isEqualTo(new Status.Condition(Word.DEGRADED, List.of("limiter store away for 12 s")));
    assertThat(status.store())
        .isEqualTo(
            new Status.LimitStore(
                "redis", Sharing.DEGRADED, Optional.of(Duration.ofSeconds(12)), 1));
  }

  @Test
  void storeAwayForAMoment_isNotWorthAWord() throws InterruptedException {
    store.away = Optional.of(Duration.ofMillis(900));

    assertThat(look.look().condition().word()).isEqualTo(Word.IDLE);
  }

  @Test
  void storeAway_whereNobodyGoesOnAlone_saysSo() throws InterruptedException {
    degrades = false;
    store.away = Optional.of(Duration.ofSeconds(12));
    try (LookAtProxyService failing = service(true)) {
      assertThat(failing.look().store().sharing()).isEqualTo(Sharing.UNREACHABLE);
    }
  }

  @Test
  void storeOfTheInstance_isNotShared() throws InterruptedException {
    try (LookAtProxyService alone = service(false)) {
      assertThat(alone.look().store().sharing()).isEqualTo(Sharing.ALONE);
    }
  }

  @Test
  void brokerAway_isToldOfIt() throws InterruptedException {
    absence = Optional.of("redis is away");

    assertThat(look.look().broker().absence()).contains("redis is away");
  }

  @Test
  void notReady_isDown_whateverElse() throws InterruptedException {
    notReady = List.of("starting");
    notes = List.of("limiter store away");

    Status.Condition condition = look.look().condition();

    assertThat(condition.word()).isEqualTo(Word.DOWN);
    assertThat(condition.reasons()).containsExactly("starting", "limiter store away");
  }

  @Test
  void banned_isDown() throws InterruptedException {
    egress.report(new EgressReport.Banned(Duration.ofSeconds(60), Optional.empty()));

    Status status = look.look();

    assertThat(status.condition().word()).isEqualTo(Word.DOWN);
    assertThat(status.condition().reasons())
        .containsExactly("Discord refuses every request from this address for 60 s more");
    assertThat(status.address().banned()).isTrue();
  }

  @Test
  void manyInvalidRequests_areTold() throws InterruptedException {
    for (int i = 0; i < 5_000; i++) {
      egress.report(new EgressReport.Invalid());
    }

    Status status = look.look();

    assertThat(status.address().invalid()).isEqualTo(5_000);
    assertThat(status.condition().reasons())
        .containsExactly(
            "5,000 invalid requests (401, 403, 429) in ten minutes: requests that can wait do so"
                + " from 8,000");

    // Nobody sends anything: the figure has to sink by itself.
    clock.advance(Duration.ofMinutes(12));
    assertThat(look.look().address().invalid()).isZero();
  }

  @Test
  void limitsThatCannotBeAsked_areLeftOut() throws InterruptedException {
    limits =
        atMost -> {
          throw new StoreException("away");
        };

    assertThat(look.look().limits().buckets()).isEmpty();
  }

  @Test
  void looks_inQuickSuccession_areOne() throws InterruptedException {
    Status first = look.look();
    clock.advance(Duration.ofMillis(400));
    assertThat(look.look()).isSameAs(first);

    clock.advance(Duration.ofMillis(100));
    assertThat(look.look()).isNotSameAs(first);
  }

  private LookAtProxyService service(boolean shared) {
    return new LookAtProxyService(
        new LookAtProxyService.Facts(
            "proxy-1",
            "1.0",
            "redis",
            shared ? "redis" : "local",
            shared,
            degrades,
            Optional.of("memory")),
        new LookAtProxyService.Parts(
            () -> new Readiness(notReady, notes),
            () -> held,
            Guards.of(egress, clock),
            atMost -> limits.peek(atMost),
            store,
            () -> absence,
            OptionalLong::empty,
            Optional.empty()),
        events,
        clock);
  }

  private static PeekLimits.Waiting waiting(Duration oldest) {
    Route route = Route.UNREADABLE;
    return new PeekLimits.Waiting(
        TokenId.ANONYMOUS,
        new RouteKey("GET /channels/:id"),
        new BucketStatus(
            BucketKey.provisional(route), Model.FIXED, 5, 5, 1, Optional.of(Duration.ZERO)),
        3,
        oldest);
  }
}
