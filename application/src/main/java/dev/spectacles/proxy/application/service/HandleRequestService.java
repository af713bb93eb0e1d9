package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.port.out.Clock;
import dev.spectacles.proxy.application.port.out.DiscordApi;
import dev.spectacles.proxy.application.port.out.DiscordException;
import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.domain.ratelimit.MaxConcurrency;
import dev.spectacles.proxy.domain.ratelimit.Outcome;
import dev.spectacles.proxy.domain.ratelimit.RateLimitHeaders;
import dev.spectacles.proxy.domain.ratelimit.TokenId;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests;
import dev.spectacles.proxy.domain.ratelimit.Wishes;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.route.Route;
import dev.spectacles.proxy.domain.route.RouteKey;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the request's turn, sends it, and sends it again where that is safe and may help. */
public final class HandleRequestService implements HandleRequest {
  private static final Logger LOG = LoggerFactory.getLogger(HandleRequestService.class);
  private static final int UNAUTHORIZED = 401;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final RouteKey GATEWAY_BOT = new RouteKey("GET /gateway/bot");
  private static final Duration LONG_WAIT = Duration.ofSeconds(30);
  private static final Duration CALLBACK_TIME = Duration.ofSeconds(3);

  private final RateLimiter limiter;
  private final DiscordApi discord;
  private final Clock clock;
  private final ProxyEvents events;
  private final DoubleSupplier random;
  private final Optional<Duration> maxWait;
  private final AtomicBoolean warnedOfLongWait = new AtomicBoolean();
  private final DiscordWatch watch;
  private final UnknownWishes unknownWishes = new UnknownWishes();

  /**
   * The use case.
   *
   * @param random numbers from 0 to 1 that spread retries
   * @param maxWait how long requests that do not say wait for their turn rather than be refused
   */
  public HandleRequestService(
      RateLimiter limiter,
      DiscordApi discord,
      Clock clock,
      ProxyEvents events,
      DoubleSupplier random,
      Optional<Duration> maxWait) {
    this.limiter = limiter;
    this.discord = discord;
    this.clock = clock;
    this.events = events;
    this.random = random;
    this.maxWait = maxWait;
    this.watch = new DiscordWatch(clock);
  }

  /** How often a request was sent so far, by what came of it. */
  private static final class Tries {
    private int failed;
    private int limited;
    private boolean marked;
  }

  @Override
  public ProxyResponse handle(
      ProxyRequest request, Route route, Deadline deadline, SentMarker marker)
      throws InterruptedException {
    return enqueue(request, route, deadline).await(marker);
  }

  @Override
  public Turn enqueue(ProxyRequest asked, Route route, Deadline deadline) {
    ProxyRequest request = route.kind() == Route.Kind.INTERACTION_CALLBACK ? bare(asked) : asked;
    unknownWishes.look(request.headers());
    Wishes wishes;
    try {
      wishes = Wishes.of(request.headers());
    } catch (InvalidRequestException e) {
      return marker -> e.toResponse();
    }
    long start = clock.nanoTime();
    Deadline patience = patience(wishes, start);
    Ticket ticket =
        limiter.enqueue(
            TokenId.of(request.headers()), route, wishes.priority(), deadline, patience);
    events.rateLimitWaiting(1);
    return new InLine(request, route, deadline, patience, start, ticket);
  }

  /** A request's turn to come; counted as waiting until it came, or will not. */
  private final class InLine implements Turn {
    private final ProxyRequest request;
    private final Route route;
    private final Deadline deadline;
    private final Deadline patience;
    private final long start;
    private final Ticket ticket;
    private final AtomicBoolean waiting = new AtomicBoolean(true);

    InLine(
        ProxyRequest request,
        Route route,
        Deadline deadline,
        Deadline patience,
        long start,
        Ticket ticket) {
      this.request = request;
      this.route = route;
      this.deadline = deadline;
      this.patience = patience;
      this.start = start;
      this.ticket = ticket;
    }

    @Override
    public ProxyResponse await(SentMarker marker) throws InterruptedException {
      try (Permit permit = permit()) {
        waited(route, deadline, Duration.ofNanos(clock.nanoTime() - start));
        return sendUntilDone(request, route, deadline, patience, marker, permit);
      } catch (RefusedException e) {
        return Answers.refusal(e, discord.url(request));
      }
    }

    private Permit permit() throws RefusedException, InterruptedException {
      try {
        return ticket.await();
      } finally {
        waitsNoMore();
      }
    }

    @Override
    public void cancel() {
      ticket.cancel();
      waitsNoMore();
    }

    private void waitsNoMore() {
      if (waiting.getAndSet(false)) {
        events.rateLimitWaiting(-1);
      }
    }
  }

  private Deadline patience(Wishes wishes, long start) {
    return wishes
        .maxWait()
        .or(() -> maxWait)
        .map(wait -> Deadline.after(wait, start))
        .orElse(Deadline.none());
  }

  private ProxyResponse sendUntilDone(
      ProxyRequest request,
      Route route,
      Deadline deadline,
      Deadline patience,
      SentMarker marker,
      Permit permit)
      throws InterruptedException, RefusedException {
    var tries = new Tries();
    while (true) {
      if (deadline.hasPassed(clock.nanoTime())) {
        return Answers.tooLate(Duration.ZERO);
      }
      if (!request.method().isIdempotent() && !tries.marked) {
        marker.mark();
        tries.marked = true;
        if (deadline.hasPassed(clock.nanoTime())) {
          return Answers.tooLate(Duration.ZERO);
        }
      }
      permit.aboutToSend(deadline);
      marker.sending();
      long attempt = watch.attempt();
      try {
        ProxyResponse.Http answer = send(request, deadline, permit);
        watch.answered(attempt);
        Optional<TooManyRequests> limited = limited(answer);
        permit.report(
            new Outcome.Answered(
                answer.code(),
                RateLimitHeaders.parse(answer.headers()),
                limited,
                isUnauthorized(answer, request, route)));
        accepted(answer, request, route);
        learn(answer, request, route);
        if (limited.isPresent()) {
          limited(route, limited.get(), tries);
          if (!RetryPolicy.afterLimit(tries.limited++)
              || !waitedOutside(route, limited.get(), deadline)
              || !again(permit, deadline.earlier(patience), marker)) {
            return answer;
          }
        } else {
          Optional<Duration> pause =
              RetryPolicy.afterAnswer(
                  answer.code(),
                  answer.headers(),
                  request.method(),
                  tries.failed++,
                  random.getAsDouble());
          if (pause.filter(marker::again).isEmpty()
              || !pause(pause.get(), deadline)
              || !again(permit, deadline, marker)) {
            return answer;
          }
        }
      } catch (DiscordException e) {
        watch.failed(e);
        permit.report(
            e.kind() == DiscordException.Kind.NOT_SENT
                ? new Outcome.NotSent()
                : new Outcome.Unknown());
        Optional<Duration> pause =
            RetryPolicy.afterFailure(
                e.kind(), request.method(), tries.failed++, random.getAsDouble());
        if (pause.filter(marker::again).isEmpty() || !pause(pause.get(), deadline)) {
          return failure(e, request);
        }
        takeAgain(permit, deadline, marker);
      }
      events.retried(route);
    }
  }

  private ProxyResponse.Http send(ProxyRequest request, Deadline deadline, Permit permit)
      throws DiscordException, InterruptedException {
    events.inFlight(1);
    try {
      return discord.send(request, deadline, permit::writing);
    } finally {
      events.inFlight(-1);
    }
  }

  private void accepted(ProxyResponse.Http answer, ProxyRequest request, Route route) {
    if (isUnauthorized(answer, request, route)) {
      watch.refused(TokenId.of(request.headers()));
    } else if (answer.code() / 100 == 2 && route.isAuthorisedByCaller()) {
      watch.accepted(TokenId.of(request.headers()));
    }
  }

  /** Bots that may identify with several shards at a time have a higher global limit. */
  private void learn(ProxyResponse.Http answer, ProxyRequest request, Route route)
      throws InterruptedException {
    if (!route.key().equals(GATEWAY_BOT) || answer.code() / 100 != 2) {
      return;
    }
    Optional<MaxConcurrency> size = MaxConcurrency.parse(answer.body());
    if (size.isEmpty()) {
      LOG.debug("answer to {} without max_concurrency", route.key());
    }
    if (size.isPresent()) {
      int limit = size.get().globalLimit().orElse(0);
      limiter.learnGlobalLimit(TokenId.of(request.headers()), limit);
    }
  }

  /** A callback has no bucket to wait in, and nobody waits longer for it than Discord does. */
  private boolean waitedOutside(Route route, TooManyRequests limited, Deadline deadline)
      throws InterruptedException {
    return route.kind() != Route.Kind.INTERACTION_CALLBACK
        || (limited.retryAfter().compareTo(CALLBACK_TIME) < 0
            && pause(limited.retryAfter(), deadline));
  }

  private boolean pause(Duration pause, Deadline deadline) throws InterruptedException {
    if (!deadline.allows(pause, clock.nanoTime())) {
      return false;
    }
    clock.sleep(pause);
    return true;
  }

  private void takeAgain(Permit permit, Deadline deadline, SentMarker marker)
      throws RefusedException, InterruptedException {
    marker.waitingAgain();
    events.rateLimitWaiting(1);
    try {
      permit.again(deadline);
    } finally {
      events.rateLimitWaiting(-1);
    }
  }

  /** Another turn, unless it would come too late: the caller gets what Discord said then. */
  private boolean again(Permit permit, Deadline deadline, SentMarker marker)
      throws InterruptedException {
    try {
      takeAgain(permit, deadline, marker);
      return true;
    } catch (RefusedException tooLate) {
      return false;
    }
  }

  /** Whether a bot's token is not accepted; those of users expire and are renewed. */
  private static boolean isUnauthorized(
      ProxyResponse.Http answer, ProxyRequest request, Route route) {
    return answer.code() == UNAUTHORIZED
        && route.isAuthorisedByCaller()
        && request.headers().first("authorization").filter(v -> v.startsWith("Bot ")).isPresent();
  }

  private static Optional<TooManyRequests> limited(ProxyResponse.Http answer) {
    return answer.code() == TOO_MANY_REQUESTS
        ? Optional.of(TooManyRequests.parse(answer.headers(), answer.body()))
        : Optional.empty();
  }

  private void limited(Route route, TooManyRequests limited, Tries tries) {
    events.rateLimited(route, limited.scope());
    // The guard of the address tells of a ban, once.
    if (tries.limited > 0 && limited.scope() != TooManyRequests.Scope.CLOUDFLARE) {
      LOG.warn(
          "429 again route={} scope={} wait={}",
          route.key(),
          limited.scope(),
          limited.retryAfter());
    } else {
      LOG.debug(
          "429 route={} scope={} wait={}", route.key(), limited.scope(), limited.retryAfter());
    }
  }

  private void waited(Route route, Deadline deadline, Duration waited) {
    events.rateLimitWaited(route, waited);
    if (deadline.nanos().isEmpty()
        && waited.compareTo(LONG_WAIT) > 0
        && warnedOfLongWait.compareAndSet(false, true)) {
      LOG.warn(
          "a request without any deadline waited {} s for a rate limit (route={}); its caller may"
              + " have given up long ago: set timeout, or let callers send one",
          waited.toSeconds(),
          route.key());
    }
  }

  private static ProxyResponse failure(DiscordException e, ProxyRequest request) {
    return switch (e.kind()) {
      case DEADLINE_PASSED -> Answers.timeout(String.valueOf(e.getMessage()));
      case NOT_SENT, UNUSABLE_ANSWER -> Answers.failure(String.valueOf(e.getMessage()));
      case MAYBE_SENT ->
          Answers.failure(
              request.method().isIdempotent()
                  ? String.valueOf(e.getMessage())
                  : "outcome unknown: " + e.getMessage());
    };
  }

  /** Credentials on a callback would make Discord count it against the bot's global limit. */
  private static ProxyRequest bare(ProxyRequest request) {
    return request.with(request.headers().without("authorization"::equals));
  }
}
