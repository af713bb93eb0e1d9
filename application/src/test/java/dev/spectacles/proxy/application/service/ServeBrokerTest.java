package dev.spectacles.proxy.application.service;

import static dev.spectacles.proxy.application.port.out.Requests.request;
import static dev.spectacles.proxy.application.service.Running.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.testing.CapturedLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a delivery; handler and broker are the test's. */
@Timeout(60)
class ServeBrokerTest {
  private static final ProxyRequest GET = request("GET", "/channels/1/alpha");
  private static final ProxyRequest POST = request("POST", "/channels/1/messages");
  private static final ProxyResponse OK =
      new ProxyResponse.Http(200, Headers.empty(), "https://discord.test", Body.empty());

  private final ManualClock clock = new ManualClock();
  private final ScriptedBroker broker = new ScriptedBroker();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Deadline> deadlines = new LinkedBlockingQueue<>();
  private final AtomicInteger handled = new AtomicInteger();
  private HandleRequest handler = (request, route, deadline, marker) -> OK;
  private ServeBroker.Settings settings =
      new ServeBroker.Settings(10, 1 << 20, Optional.of(Duration.ofMinutes(5)), Optional.empty());
  private Optional<ServeBroker> serving = Optional.empty();

  private final class Recorder implements ProxyEvents {
    @Override
    public void requestReceived() {
      events.add("received");
    }

    @Override
    public void requestFinished(Route route, ProxyResponse response, Duration elapsed) {
      events.add("finished " + response.status().code() + " " + route.key());
    }

    @Override
    public void replyLost() {
      events.add("lost");
    }

    @Override
    public void redelivered() {
      events.add("redelivered");
    }

    @Override
    public void expiredUnsent() {
      events.add("expired");
    }
  }

  @AfterEach
  void close() {
    serving.ifPresent(ServeBroker::close);
  }

  @Test
  void request_isHandledAndAnswered() throws Exception {
    ScriptedDelivery delivery = deliver(new ScriptedDelivery("1-0", GET));
    assertThat(delivery.awaitReply()).isEqualTo(OK);
    awaitUntil(() -> events.size() == 2);
    assertThat(events).containsExactly("received", "finished 0 GET /channels/:id/alpha");
    assertThat(delivery.calls).as("nothing is marked for a GET").containsExactly("reply");
    assertThat(broker.started).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "INVALID_REQUEST_FORMAT",
        "INVALID_PATH",
        "INVALID_QUERY",
        "INVALID_METHOD",
        "INVALID_HEADERS"
      })
  void requestThatBreaksARule_isAnsweredWithItsStatus(ResponseStatus status) throws Exception {
    var delivery = new ScriptedDelivery("1-0", GET);
    delivery.refusal = Optional.of(new InvalidRequestException(status, "path: wrong"));
    assertThat(deliver(delivery).awaitReply())
        .isEqualTo(new ProxyResponse.Failure(status, "path: wrong"));
    assertThat(handled).hasValue(0);
    awaitUntil(() -> events.contains("finished " + status.code() + " unreadable"));
  }

  @Test
  void defectOfTheHandler_isStatus1_andTheNextRequestIsServed() throws Exception {
    handler =
        (request, route, deadline, marker) -> {
          if (handled.get() == 1) {
            throw new IllegalStateException("a defect with marked-secret");
          }
          return OK;
        };
    ProxyResponse.Failure reply =
        (ProxyResponse.Failure) deliver(new ScriptedDelivery("1-0", GET)).awaitReply();
    assertThat(reply.status()).isEqualTo(ResponseStatus.UNKNOWN_ERROR);
    assertThat(reply.message()).contains("1-0").doesNotContain("marked-secret");
    var next = new ScriptedDelivery("2-0", GET);
    broker.waiting.add(next);
    assertThat(next.awaitReply()).isEqualTo(OK);
  }

  @Test
  void traceOfARequest_isInItsLinesOfTheLogAndNoOthers() throws Exception {
    String id = "4bf92f3577b34da6a3ce929d0e0e4736";
    var traced = Map.of("traceparent", "00-" + id + "-00f067aa0ba902b7-01");
    handler =
        (request, route, deadline, marker) -> {
          throw new StoreException("down");
        };
    try (var log = new CapturedLog(ServeBroker.class)) {
      deliver(new ScriptedDelivery("71-0", request("GET", "/channels/1/alpha", traced, "")));
      awaitUntil(() -> log.text().contains("DEBUG request id=71-0"));
      broker.waiting.add(new ScriptedDelivery("72-0", GET));
      awaitUntil(() -> log.text().contains("DEBUG request id=72-0"));
      assertThat(log.text().lines().filter(line -> line.contains("id=71-0")))
          .hasSize(2)
          .allMatch(line -> line.endsWith(" trace_id=" + id));
      assertThat(log.text().lines().filter(line -> line.contains("id=72-0")))
          .hasSize(2)
          .noneMatch(line -> line.contains("trace_id"));
    }
  }

  @Test
  void defectOfTheDecoder_isStatus1() throws Exception {
    var delivery = new ScriptedDelivery("1-0", GET);
    delivery.defect = Optional.of(new IllegalStateException("a defect"));
    assertThat(deliver(delivery).awaitReply().status()).isEqualTo(ResponseStatus.UNKNOWN_ERROR);
  }

  @Test
  void storeThatDoesNotAnswer_isStatus1() throws Exception {
    handler =
        (request, route, deadline, marker) -> {
          throw new StoreException("down");
        };
    assertThat(deliver(new ScriptedDelivery("1-0", GET)).awaitReply().status())
        .isEqualTo(ResponseStatus.UNKNOWN_ERROR);
  }

  @Test
  void oldRequest_deliveredForTheFirstTime_isStatus8AndNotSent() throws Exception {
    var delivery = new ScriptedDelivery("1-0", POST);
    delivery.age = Duration.ofMinutes(5).plusMillis(1);
    assertThat(deliver(delivery).awaitReply().status()).isEqualTo(ResponseStatus.REQUEST_TIMEOUT);
    assertThat(handled).hasValue(0);
    awaitUntil(() -> events.contains("finished 8 POST /channels/:id/messages"));
    assertThat(events).contains("expired");
  }

  @Test
  void oldRequest_thatAnInstanceHeldBefore_isExecuted() throws Exception {
    var delivery = new ScriptedDelivery("1-0", POST);
    delivery.age = Duration.ofDays(1);
    delivery.redelivered = true;
    assertThat(deliver(delivery).awaitReply()).isEqualTo(OK);
    assertThat(events).contains("redelivered").doesNotContain("expired");
  }

  @Test
  void requestJustYoungEnough_isExecuted() throws Exception {
    var young = new ScriptedDelivery("1-0", POST);
    young.age = Duration.ofMinutes(5);
    assertThat(deliver(young).awaitReply()).isEqualTo(OK);
  }

  @Test
  void oldRequest_withoutABound_isExecuted() throws Exception {
    settings = new ServeBroker.Settings(10, 1 << 20, Optional.empty(), Optional.empty());
    var old = new ScriptedDelivery("2-0", POST);
    old.age = Duration.ofDays(1);
    assertThat(deliver(old).awaitReply()).isEqualTo(OK);
  }

  @Test
  void redeliveredPost_thatMayHaveBeenSent_isStatus7AndNotSent() throws Exception {
    var delivery = new ScriptedDelivery("1-0", POST);
    delivery.redelivered = true;
    delivery.sentBefore = true;
    ProxyResponse.Failure reply = (ProxyResponse.Failure) deliver(delivery).awaitReply();
    assertThat(reply.status()).isEqualTo(ResponseStatus.REQUEST_FAILURE);
    assertThat(reply.message()).startsWith("outcome unknown");
    assertThat(handled).hasValue(0);
  }

  @Test
  void redeliveredPost_thatWasNotSent_isExecuted() throws Exception {
    var delivery = new ScriptedDelivery("1-0", POST);
    delivery.redelivered = true;
    assertThat(deliver(delivery).awaitReply()).isEqualTo(OK);
    assertThat(delivery.calls).containsExactly("mayHaveBeenSent", "reply");
  }

  @Test
  void redeliveredGet_isExecutedAgain() throws Exception {
    var delivery = new ScriptedDelivery("1-0", GET);
    delivery.redelivered = true;
    delivery.sentBefore = true;
    assertThat(deliver(delivery).awaitReply()).isEqualTo(OK);
  }

  @Test
  void marker_isTheDeliverys() throws Exception {
    handler =
        (request, route, deadline, marker) -> {
          marker.mark();
          return OK;
        };
    ScriptedDelivery delivery = deliver(new ScriptedDelivery("1-0", POST));
    delivery.awaitReply();
    assertThat(delivery.calls).containsExactly("markSent", "reply");
  }

  @Test
  void markerThatFails_leavesTheRequestWithTheBroker() throws Exception {
    handler =
        (request, route, deadline, marker) -> {
          marker.mark();
          return OK;
        };
    var delivery = new ScriptedDelivery("1-0", POST);
    delivery.markerFailure = Optional.of(new BrokerException("down"));
    deliver(delivery);
    var next = new ScriptedDelivery("2-0", POST);
    awaitUntil(() -> delivery.calls.contains("markSent"));
    broker.waiting.add(next);
    next.awaitReply();
    awaitUntil(() -> delivery.abandoned);
    assertThat(delivery.calls).doesNotContain("reply");
  }

  @Test
  void markerThatCannotBeRead_leavesTheRequestWithTheBroker() throws Exception {
    var delivery = new ScriptedDelivery("1-0", POST);
    delivery.redelivered = true;
    delivery.markerFailure = Optional.of(new BrokerException("down"));
    deliver(delivery);
    awaitUntil(() -> delivery.calls.contains("mayHaveBeenSent"));
    assertThat(serving.orElseThrow().stop(Running.PATIENCE)).isZero();
    assertThat(delivery.calls).doesNotContain("reply");
    assertThat(handled).hasValue(0);
  }

  @Test
  void replyThatCannotBeSettled_freesItsPlace() throws Exception {
    settings = new ServeBroker.Settings(1, 1 << 20, Optional.empty(), Optional.empty());
    var delivery = new ScriptedDelivery("1-0", GET);
    delivery.replyFailure = Optional.of(new BrokerException("down"));
    deliver(delivery);
    var next = new ScriptedDelivery("2-0", GET);
    broker.waiting.add(next);
    assertThat(next.awaitReply()).isEqualTo(OK);
    awaitUntil(() -> delivery.abandoned);
  }

  @Test
  void replyThatNobodyReceives_isCounted() throws Exception {
    var delivery = new ScriptedDelivery("1-0", GET);
    delivery.received = false;
    deliver(delivery).awaitReply();
    awaitUntil(() -> events.contains("lost"));
  }

  @Test
  void deadline_isTheShortestOfAll() throws Exception {
    settings =
        new ServeBroker.Settings(10, 1 << 20, Optional.empty(), Optional.of(Duration.ofSeconds(9)));
    assertThat(deadlineOf(GET, Optional.empty())).contains(Duration.ofSeconds(9));
    assertThat(deadlineOf(withTimeout(GET, 5), Optional.empty())).contains(Duration.ofSeconds(5));
    assertThat(deadlineOf(withTimeout(GET, 15), Optional.empty())).contains(Duration.ofSeconds(9));
    Instant soon = clock.wallTime().plusSeconds(3);
    assertThat(deadlineOf(withTimeout(GET, 5), Optional.of(soon))).contains(Duration.ofSeconds(3));
    Instant over = clock.wallTime().minusSeconds(3);
    assertThat(deadlineOf(withTimeout(GET, 5), Optional.of(over))).contains(Duration.ZERO);
    assertThat(deadlineOf(GET, Optional.of(Instant.MIN))).contains(Duration.ZERO);
    assertThat(deadlineOf(GET, Optional.of(Instant.MAX))).contains(Duration.ofSeconds(9));
  }

  @Test
  void noDeadline_isNone() throws Exception {
    assertThat(deadlineOf(GET, Optional.empty())).isEmpty();
  }

  @Test
  void heldRequests_keepMoreFromBeingRead() throws Exception {
    settings = new ServeBroker.Settings(3, 1 << 20, Optional.empty(), Optional.empty());
    var go = new CountDownLatch(1);
    var inside = new AtomicInteger();
    handler =
        (request, route, deadline, marker) -> {
          inside.incrementAndGet();
          go.await();
          return OK;
        };
    List<ScriptedDelivery> deliveries = deliverMany(8, 100);
    awaitUntil(() -> inside.get() == 3);
    assertThat(broker.mostAskedFor).isLessThanOrEqualTo(3);
    assertThat(broker.waiting).hasSize(5);
    go.countDown();
    for (ScriptedDelivery delivery : deliveries) {
      assertThat(delivery.awaitReply()).isEqualTo(OK);
    }
  }

  @Test
  void heldBytes_keepMoreFromBeingRead() throws Exception {
    settings = new ServeBroker.Settings(100, 1 << 20, Optional.empty(), Optional.empty());
    var go = new CountDownLatch(1);
    var inside = new AtomicInteger();
    handler =
        (request, route, deadline, marker) -> {
          inside.incrementAndGet();
          go.await();
          return OK;
        };
    start();
    var first = new ScriptedDelivery("0-0", GET);
    first.size = 1 << 20;
    broker.waiting.add(first);
    awaitUntil(() -> inside.get() == 1);
    int before = broker.receives.get();
    var second = new ScriptedDelivery("1-0", GET);
    broker.waiting.add(second);
    go.countDown();
    assertThat(second.awaitReply()).isEqualTo(OK);
    assertThat(before).as("nothing was read while the first was held").isLessThanOrEqualTo(2);
    assertThat(first.awaitReply()).isEqualTo(OK);
  }

  @Test
  void brokerThatFails_isAskedAgain() throws Exception {
    broker.failures.set(3);
    assertThat(deliver(new ScriptedDelivery("1-0", GET)).awaitReply()).isEqualTo(OK);
    assertThat(broker.receives.get()).isGreaterThanOrEqualTo(4);
  }

  @Test
  void stop_letsWhatIsUnderWayFinish_andReadsNoMore() throws Exception {
    var inside = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    handler =
        (request, route, deadline, marker) -> {
          inside.countDown();
          go.await();
          return OK;
        };
    ScriptedDelivery delivery = deliver(new ScriptedDelivery("1-0", GET));
    inside.await();
    Running<Integer> stopping =
        Running.start(() -> serving.orElseThrow().stop(Running.PATIENCE)).awaitBlocked();
    assertThat(broker.drained).isTrue();
    go.countDown();
    assertThat(stopping.get()).isZero();
    assertThat(delivery.awaitReply()).isEqualTo(OK);
  }

  @Test
  void stop_leavesTheRestToOthers() throws Exception {
    var inside = new CountDownLatch(2);
    handler =
        (request, route, deadline, marker) -> {
          inside.countDown();
          new CountDownLatch(1).await();
          return OK;
        };
    List<ScriptedDelivery> deliveries = deliverMany(2, 100);
    inside.await();
    assertThat(serving.orElseThrow().stop(Duration.ofMillis(20))).isEqualTo(2);
    for (ScriptedDelivery delivery : deliveries) {
      assertThat(delivery.calls).isEmpty();
    }
    assertThat(events).containsOnly("received");
  }

  @Test
  void close_leavesTheBrokerToItsOwner() {
    start();
    serving.orElseThrow().close();
    assertThat(broker.closed).isFalse();
  }

  @Test
  void handler_getsTheRouteOfTheRequest() throws Exception {
    var seen = new AtomicReference<Route>(Route.UNREADABLE);
    handler =
        (request, route, deadline, marker) -> {
          seen.set(route);
          return OK;
        };
    deliver(new ScriptedDelivery("1-0", POST)).awaitReply();
    assertThat(seen.get().kind()).isEqualTo(Route.Kind.CREATE_MESSAGE);
  }

  private Optional<Duration> deadlineOf(ProxyRequest request, Optional<Instant> expiry)
      throws InterruptedException {
    var delivery = new ScriptedDelivery("1-0", request);
    delivery.expiry = expiry;
    assertThat(deliver(delivery).awaitReply()).isEqualTo(OK);
    return deadlines.take().remaining(clock.nanoTime());
  }

  private static ProxyRequest withTimeout(ProxyRequest request, long seconds) {
    return new ProxyRequest(
        request.method(),
        request.path(),
        request.query(),
        Headers.of(Map.of()),
        request.body(),
        Optional.of(Duration.ofSeconds(seconds)));
  }

  private ScriptedDelivery deliver(ScriptedDelivery delivery) {
    start();
    broker.waiting.add(delivery);
    return delivery;
  }

  private List<ScriptedDelivery> deliverMany(int count, long size) {
    var deliveries = new ArrayList<ScriptedDelivery>();
    for (int i = 0; i < count; i++) {
      var delivery = new ScriptedDelivery(i + "-0", GET);
      delivery.size = size;
      deliveries.add(delivery);
    }
    broker.waiting.addAll(deliveries);
    start();
    return deliveries;
  }

  private void start() {
    if (serving.isPresent()) {
      return;
    }
    var serve =
        new ServeBroker(
            broker,
            (request, route, deadline, marker) -> {
              handled.incrementAndGet();
              deadlines.add(deadline);
              return handler.handle(request, route, deadline, marker);
            },
            clock,
            new Recorder(),
            settings);
    serving = Optional.of(serve);
    serve.start();
  }
}
