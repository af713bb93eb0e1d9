package dev.spectacles.proxy.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import dev.spectacles.proxy.application.port.out.BrokerException;
import dev.spectacles.proxy.application.port.out.DiscordException.Kind;
import dev.spectacles.proxy.application.port.out.InMemoryEgressStore;
import dev.spectacles.proxy.application.port.out.ManualClock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.request.ApiPath;
import dev.spectacles.proxy.domain.request.Body;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.HttpMethod;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.QueryParameter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** A marked secret goes through every failure path; it is in no log line and no message. */
@Timeout(60)
class SecretsTest {
  private static final String SECRET = "MARKED.secret-7Zq_0";
  private static final String ROOT = org.slf4j.Logger.ROOT_LOGGER_NAME;

  private final ScriptedStore store = new ScriptedStore();
  private final ScriptedDiscord discord = new ScriptedDiscord();
  private final ScriptedBroker broker = new ScriptedBroker();
  private final ManualClock clock = new ManualClock();
  private final EgressGuard guard = Guards.of(new InMemoryEgressStore(clock), clock);
  private final RateLimiter limiter = new RateLimiter(store, guard, clock, 100, true);
  private final ServeBroker serving =
      new ServeBroker(
          broker,
          new HandleRequestService(
              limiter, discord, clock, ProxyEvents.NOOP, () -> 0, Optional.empty()),
          clock,
          ProxyEvents.NOOP,
          new ServeBroker.Settings(
              10, 1 << 20, Optional.of(Duration.ofMinutes(5)), Optional.empty()));
  private final Captured captured = new Captured();
  private final List<String> messages = new ArrayList<>();
  private Level levelBefore = Level.DEBUG;
  private int deliveries;

  /** Everything that is logged, as text. */
  private static final class Captured extends AppenderBase<ILoggingEvent> {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
      String thrown =
          event.getThrowableProxy() == null
              ? ""
              : ThrowableProxyUtil.asString(event.getThrowableProxy());
      lines.add(event.getLoggerName() + ' ' + event.getFormattedMessage() + ' ' + thrown);
    }
  }

  @BeforeEach
  void capture() {
    Logger root = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(ROOT);
    levelBefore = root.getLevel();
    root.setLevel(Level.TRACE);
    captured.setContext(root.getLoggerContext());
    captured.start();
    root.addAppender(captured);
    serving.start();
  }

  @AfterEach
  void release() {
    Logger root = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(ROOT);
    root.setLevel(levelBefore);
    root.detachAppender(captured);
    serving.close();
    limiter.close();
  }

  @Test
  void secret_isInNoLogLineAndNoMessage() throws Exception {
    for (Kind kind : Kind.values()) {
      for (String method : List.of("GET", "POST")) {
        for (int i = 0; i < 4; i++) {
          discord.fails(kind);
        }
        serve(delivery(method));
        discord.clear();
      }
    }
    for (int code : new int[] {200, 401, 403, 404, 500, 503}) {
      for (int i = 0; i < 4; i++) {
        discord.then(
            request ->
                ScriptedDiscord.answer(code, Map.of("x-secret", SECRET), "{\"" + SECRET + "\":1}"));
      }
      serve(delivery("GET"));
      serve(delivery("POST"));
      discord.clear();
    }
    for (String scope : List.of("user", "global", "shared", SECRET)) {
      discord.limits(scope, "1").limits(scope, "1");
      serve(delivery("POST"));
    }
    discord.then(request -> ScriptedDiscord.answer(429, Map.of(), "<html>" + SECRET));
    ScriptedDelivery banned = delivery("GET");
    banned.expiry = Optional.of(clock.wallTime().plusSeconds(1));
    serve(banned);
    clock.advance(Duration.ofMinutes(2));
    refusals();
    defects();

    assertThat(captured.lines).hasSizeGreaterThan(40);
    assertThat(captured.lines).noneMatch(line -> line.contains(SECRET));
    assertThat(messages).hasSizeGreaterThan(10).noneMatch(message -> message.contains(SECRET));
    assertThat(captured.lines).as("the search works").anyMatch(line -> line.contains("route=POST"));
  }

  private void refusals() throws Exception {
    store.script = (token, claim) -> store.held(claim, Duration.ofHours(1), Duration.ofHours(1));
    serve(delivery("GET"));
    ScriptedDelivery late = delivery("GET");
    late.expiry = Optional.of(clock.wallTime().plusSeconds(1));
    serve(late);
    store.script = (token, claim) -> store.granted(token, claim, claim.count());
    ScriptedDelivery old = delivery("POST");
    old.age = Duration.ofDays(1);
    serve(old);
    ScriptedDelivery sent = delivery("POST");
    sent.redelivered = true;
    sent.sentBefore = true;
    serve(sent);
    for (Map<String, String> headers :
        List.of(Map.of("Authorization", SECRET + "\n"), Map.of("X-\u00e9", SECRET))) {
      ScriptedDelivery wrong = delivery("GET");
      wrong.refusal = Optional.of(refusalOf(() -> Headers.parse(headers)));
      serve(wrong);
    }
    for (String path :
        List.of("webhooks/1/" + SECRET, "/webhooks/" + SECRET + "/../x", "/a?" + SECRET)) {
      ScriptedDelivery wrong = delivery("GET");
      wrong.refusal = Optional.of(refusalOf(() -> ApiPath.parse(path)));
      serve(wrong);
    }
  }

  private void defects() throws Exception {
    ScriptedDelivery unmarked = delivery("POST");
    unmarked.markerFailure = Optional.of(new BrokerException("marker not written"));
    broker.waiting.add(unmarked);
    Running.awaitUntil(() -> unmarked.calls.contains("markSent"));
    ScriptedDelivery unsettled = delivery("GET");
    unsettled.replyFailure = Optional.of(new BrokerException("not settled"));
    broker.waiting.add(unsettled);
    Running.awaitUntil(() -> unsettled.calls.contains("reply"));
    discord.then(
        request -> {
          throw new IllegalStateException("a defect while sending " + request);
        });
    serve(delivery("POST"));
    store.releaseFailure = Optional.of(new StoreException("store down"));
    serve(delivery("GET"));
    broker.failures.set(1);
    serve(delivery("GET"));
    assertThat(serving.stop(Running.PATIENCE)).isZero();
  }

  /** Interface of what refuses a request. */
  private interface Refusing {
    Object run() throws InvalidRequestException;
  }

  private static InvalidRequestException refusalOf(Refusing refusing) {
    try {
      throw new AssertionError("not refused: " + refusing.run());
    } catch (InvalidRequestException e) {
      return e;
    }
  }

  private void serve(ScriptedDelivery delivery) throws InterruptedException {
    broker.waiting.add(delivery);
    messages.add(delivery.awaitReply().toString());
  }

  private ScriptedDelivery delivery(String method) {
    try {
      return new ScriptedDelivery(
          ++deliveries + "-0",
          new ProxyRequest(
              new HttpMethod(method),
              ApiPath.parse("/webhooks/1/" + SECRET + "/messages/" + SECRET),
              List.of(new QueryParameter(SECRET, SECRET)),
              Headers.of(Map.of("authorization", SECRET, "x-" + SECRET, SECRET)),
              Body.of(SECRET),
              Optional.empty()));
    } catch (InvalidRequestException e) {
      throw new AssertionError(e);
    }
  }
}
