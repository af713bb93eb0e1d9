package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.port.in.ServeCaller;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.application.port.out.StoreException;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import dev.spectacles.proxy.domain.request.TraceId;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteResolver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves callers on the thread that each of them comes with, as {@link ServeBroker} does others.
 */
public final class ServeCallers implements ServeCaller {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCallers.class);
  private static final String AUTHORIZATION = "authorization";

  private static final String MAY_NOT_PURGE =
      "{\"message\":\"403: Forbidden (expected: http.secret, or a purge over the broker)\","
          + "\"code\":0}";

  private final HandleRequest handler;
  private final HeldBudget budget;
  private final Clock clock;
  private final ProxyEvents events;
  private final Settings settings;

  /**
   * What holds for all callers.
   *
   * @param timeout longest time up to the answer
   * @param credentials {@code Authorization} of requests that bring none and need some
   * @param mayPurge whether callers have shown that they may empty caches
   */
  public record Settings(
      Optional<Duration> timeout, Optional<String> credentials, boolean mayPurge) {
    /** Never the credentials. */
    @Override
    public String toString() {
      return "Settings[timeout=" + timeout + ", mayPurge=" + mayPurge + "]";
    }
  }

  /** The use case. */
  public ServeCallers(
      HandleRequest handler,
      HeldBudget budget,
      Clock clock,
      ProxyEvents events,
      Settings settings) {
    this.handler = handler;
    this.budget = budget;
    this.clock = clock;
    this.events = events;
    this.settings = settings;
  }

  @Override
  public Optional<Room> tryHold(long bytes) {
    return budget.tryTake(bytes) ? Optional.of(room(bytes)) : Optional.empty();
  }

  @Override
  public Optional<Room> hold(long bytes, Duration within) throws InterruptedException {
    return budget.take(bytes, within) ? Optional.of(room(bytes)) : Optional.empty();
  }

  private Room room(long bytes) {
    events.held(budget.requests(), budget.bytes());
    return new Held(bytes);
  }

  /** Room of one request; used by the thread of the request alone. */
  private final class Held implements Room {
    private final AtomicBoolean closed = new AtomicBoolean();
    private long bytes;

    Held(long bytes) {
      this.bytes = bytes;
    }

    @Override
    public boolean grow(long more, Duration within) throws InterruptedException {
      if (!budget.grow(more, within)) {
        return false;
      }
      bytes += more;
      return true;
    }

    @Override
    public void close() {
      if (!closed.getAndSet(true)) {
        budget.give(bytes);
        events.held(budget.requests(), budget.bytes());
      }
    }
  }

  @Override
  public void serve(Call call) throws InterruptedException {
    long start = clock.nanoTime();
    events.requestReceived();
    var work = new Work(start);
    try {
      serve(call, work);
    } finally {
      NotedTrace.end();
    }
  }

  private void serve(Call call, Work work) throws InterruptedException {
    ProxyResponse response;
    try {
      response = answer(call, work);
    } catch (InterruptedException e) {
      finished(work, new ProxyResponse.Failure(ResponseStatus.REQUEST_TIMEOUT, "given up"), false);
      throw e;
    }
    boolean received = false;
    try {
      received = call.reply(response);
    } finally {
      if (!received) {
        events.replyLost();
      }
      finished(work, response, received);
    }
  }

  /** What is known of a request so far. */
  private static final class Work {
    private final long start;
    private Route route = Route.UNREADABLE;

    Work(long start) {
      this.start = start;
    }
  }

  private ProxyResponse answer(Call call, Work work) throws InterruptedException {
    try {
      ProxyRequest request = call.request();
      NotedTrace.begin(TraceId.of(request.headers()));
      work.route = RouteResolver.resolve(request, clock.wallTime());
      if (!settings.mayPurge() && request.method().is("DELETE") && CacheAdmin.concerns(request)) {
        return Answers.made(403, CacheAdmin.url(request), MAY_NOT_PURGE);
      }
      Deadline deadline =
          settings
              .timeout()
              .map(timeout -> Deadline.after(timeout, work.start))
              .orElse(Deadline.none());
      return handler.handle(
          withCredentials(request, work.route), work.route, deadline, call.marker());
    } catch (InvalidRequestException e) {
      return e.toResponse();
    } catch (StoreException e) {
      LOG.warn("rate limit store failed route={}: {}", work.route.key(), e.getMessage());
      return Answers.internal("the rate limit store does not answer");
    } catch (RuntimeException e) {
      // Whatever it is, the caller gets an answer.
      LOG.error("request failed route={}", work.route.key(), e);
      return Answers.internal("see the proxy's log");
    }
  }

  private ProxyRequest withCredentials(ProxyRequest request, Route route) {
    return settings
        .credentials()
        .filter(credentials -> needsCredentials(request, route))
        .map(credentials -> request.with(request.headers().with(AUTHORIZATION, credentials)))
        .orElse(request);
  }

  /**
   * Whether the request has no credentials and wants some. A page in a browser gets none: it could
   * be anybody's, and browsers ask whatever host a page names.
   */
  private static boolean needsCredentials(ProxyRequest request, Route route) {
    return route.isAuthorisedByCaller()
        && !route.key().value().startsWith("POST /oauth2/token")
        && !request.headers().contains(AUTHORIZATION)
        && !request.headers().contains("origin")
        && !request.headers().contains("sec-fetch-site");
  }

  private void finished(Work work, ProxyResponse response, boolean received) {
    Duration elapsed = Duration.ofNanos(clock.nanoTime() - work.start);
    events.requestFinished(work.route, response, elapsed);
    LOG.debug(
        "call route={} major={} status={} code={} received={} ms={}",
        work.route.key(),
        work.route.major(),
        response.status().code(),
        response instanceof ProxyResponse.Http http ? http.code() : "-",
        received,
        elapsed.toMillis());
  }
}
