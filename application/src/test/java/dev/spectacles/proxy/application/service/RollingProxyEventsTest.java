package dev.spectacles.proxy.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.in.Status;
import dev.spectacles.proxy.application.port.in.Status.AnswerClass;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.service.Moment.Event;
import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests.Scope;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RollingProxyEventsTest {
  private final ManualClock clock = new ManualClock();
  private final RollingProxyEvents events = new RollingProxyEvents(clock);

  @Test
  void requests_areCountedBySecond() {
    received(3);
    clock.advance(Duration.ofSeconds(1));
    received(5);
    clock.advance(Duration.ofSeconds(2));

    Status.Traffic traffic = events.traffic();

    assertThat(traffic.perSecond()).hasSize(RollingProxyEvents.SECONDS).endsWith(0L, 3L, 5L, 0L);
    assertThat(traffic.rate()).isEqualTo(0.8);
  }

  @Test
  void secondThatIsNotOver_isNotShown() {
    received(3);

    assertThat(events.traffic().perSecond()).containsOnly(0L);
  }

  @Test
  void answers_areCountedByClass_forAMinute() {
    finished(http(200, Headers.empty()), Duration.ofMillis(40));
    finished(http(204, Headers.empty()), Duration.ofMillis(40));
    finished(http(304, Headers.empty()), Duration.ofMillis(40));
    finished(http(404, Headers.empty()), Duration.ofMillis(40));
    finished(http(502, Headers.empty()), Duration.ofMillis(40));
    finished(
        http(429, Headers.empty().with("x-spectacles-source", "proxy")), Duration.ofMillis(40));
    finished(
        new ProxyResponse.Failure(ResponseStatus.REQUEST_TIMEOUT, "late"), Duration.ofMillis(40));

    assertThat(events.traffic().answers())
        .containsEntry(AnswerClass.SUCCESS, 2L)
        .containsEntry(AnswerClass.REDIRECTION, 1L)
        .containsEntry(AnswerClass.CLIENT_ERROR, 1L)
        .containsEntry(AnswerClass.SERVER_ERROR, 1L)
        .containsEntry(AnswerClass.REFUSED, 1L)
        .containsEntry(AnswerClass.FAILED, 1L);
    assertThat(events.traffic().whole().orElseThrow().count()).isEqualTo(7);

    clock.advance(Duration.ofSeconds(66));
    assertThat(events.traffic().answers()).containsEntry(AnswerClass.SUCCESS, 0L);
    assertThat(events.traffic().whole()).isEmpty();
  }

  @Test
  void waits_haveTheirOwnPercentiles() {
    events.rateLimitWaited(Route.UNREADABLE, Duration.ofMillis(1));
    finished(http(200, Headers.empty()), Duration.ofMillis(90));

    Status.Traffic traffic = events.traffic();

    assertThat(traffic.waiting().orElseThrow().median())
        .isBetween(Duration.ofNanos(937_500), Duration.ofNanos(1_062_500));
    assertThat(traffic.whole().orElseThrow().median())
        .isBetween(Duration.ofMillis(84), Duration.ofMillis(96));
  }

  @Test
  void rareEvents_areCountedForFiveMinutes() {
    events.rateLimited(Route.UNREADABLE, Scope.SHARED);
    events.answeredFrom(Route.UNREADABLE, CacheSource.REST);
    events.retried(Route.UNREADABLE);
    events.replyLost();
    events.redelivered();
    events.eventDropped();
    events.eventsIngested(7);

    clock.advance(Duration.ofSeconds(299));
    assertThat(events.limited()).containsEntry(Scope.SHARED, 1L).containsEntry(Scope.USER, 0L);
    assertThat(events.sources()).containsEntry(CacheSource.REST, 1L);
    assertThat(events.traffic().retried()).isEqualTo(1);
    assertThat(events.lately(Event.REPLY_LOST)).isEqualTo(1);
    assertThat(events.lately(Event.REDELIVERED)).isEqualTo(1);
    assertThat(events.lately(Event.GATEWAY_EVENT_DROPPED)).isEqualTo(1);
    assertThat(events.lately(Event.GATEWAY_EVENT_KEPT)).isEqualTo(7);
    assertThat(events.lastMinute(Event.GATEWAY_EVENT_KEPT)).isZero();

    clock.advance(Duration.ofSeconds(6));
    assertThat(events.limited()).containsEntry(Scope.SHARED, 0L);
    assertThat(events.lately(Event.REPLY_LOST)).isZero();
  }

  @Test
  void waiting_isWhatDidNotLeaveTheLine() {
    events.rateLimitWaiting(1);
    events.rateLimitWaiting(1);
    events.rateLimitWaiting(-1);

    assertThat(events.waiting()).isEqualTo(1);
  }

  private void received(int times) {
    for (int i = 0; i < times; i++) {
      events.requestReceived();
    }
  }

  private void finished(ProxyResponse response, Duration elapsed) {
    events.requestFinished(Route.UNREADABLE, response, elapsed);
  }

  private static ProxyResponse http(int code, Headers headers) {
    return new ProxyResponse.Http(code, headers, "https://discord.test", Body.empty());
  }
}
