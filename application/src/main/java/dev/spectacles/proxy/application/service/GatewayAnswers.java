package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.application.port.in.HandleRequest;
import dev.spectacles.proxy.application.service.KeptEntities.Feed;
import dev.spectacles.proxy.application.service.KeptEntities.Found;
import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.cache.CacheStatus;
import dev.spectacles.proxy.domain.cache.CacheStatus.Detail;
import dev.spectacles.proxy.domain.cache.CacheStatus.Forward;
import dev.spectacles.proxy.domain.cache.RequestDirectives;
import dev.spectacles.proxy.domain.entity.answer.Level;
import dev.spectacles.proxy.domain.entity.answer.Question;
import dev.spectacles.proxy.domain.ratelimit.Wishes;
import dev.spectacles.proxy.domain.request.Deadline;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.request.ProxyRequest;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import dev.spectacles.proxy.domain.route.PathSegments;
import dev.spectacles.proxy.domain.route.Route;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Answers a GET from what the gateway told, where that is as good as asking Discord, or Discord
 * cannot be asked now; all other requests pass. Thread-safe.
 *
 * <p>A GET that may be answered is put in line when that was looked up, all others at once.
 */
public final class GatewayAnswers implements HandleRequest, OtherCache {
  /** A longer wait for the rate limit is noticed. */
  private static final Duration NOTICEABLE = Duration.ofMillis(500);

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int FIRST_SERVER_ERROR = 500;

  private static final Set<ResponseStatus> FAILURES =
      Set.of(
          ResponseStatus.UNKNOWN_ERROR,
          ResponseStatus.REQUEST_FAILURE,
          ResponseStatus.REQUEST_TIMEOUT);

  private final HandleRequest next;
  private final GatewayParts parts;

  GatewayAnswers(HandleRequest next, GatewayParts parts) {
    this.next = next;
    this.parts = parts;
  }

  /** GET that may be answered. */
  private record Asked(
      ProxyRequest request,
      Route route,
      Deadline deadline,
      Question question,
      RequestDirectives directives,
      Wishes wishes) {}

  @Override
  public ProxyResponse handle(
      ProxyRequest request, Route route, Deadline deadline, SentMarker marker)
      throws InterruptedException {
    return enqueue(request, route, deadline).await(marker);
  }

  @Override
  public Turn enqueue(ProxyRequest request, Route route, Deadline deadline) {
    RequestDirectives directives = RequestDirectives.of(request.headers());
    if (parts.settings().mode() == AnswerMode.OFF) {
      return new Passing(request, route, next.enqueue(request, route, deadline));
    }
    if (directives.onlyIfCached() && request.method().is("GET")) {
      return marker -> onlyIfCached(request, route);
    }
    Optional<Question> question = question(request, directives);
    if (question.isEmpty()) {
      return new Passing(request, route, next.enqueue(request, route, deadline));
    }
    try {
      Wishes wishes = Wishes.of(request.headers());
      var asked = new Asked(request, route, deadline, question.get(), directives, wishes);
      return marker -> answer(asked, marker);
    } catch (InvalidRequestException e) {
      return marker -> e.toResponse();
    }
  }

  @Override
  public Optional<ProxyResponse.Http> cached(ProxyRequest request, Route route)
      throws InterruptedException {
    RequestDirectives directives = RequestDirectives.of(request.headers());
    Optional<Question> question = question(request, directives);
    Optional<Feed> feed =
        parts.settings().mode() == AnswerMode.OFF || question.isEmpty()
            ? Optional.empty()
            : feedFor(request);
    return feed.isPresent()
        ? find(feed.get(), request, route, question.get(), directives, Level.FALLBACK)
        : Optional.empty();
  }

  private ProxyResponse onlyIfCached(ProxyRequest request, Route route)
      throws InterruptedException {
    Optional<ProxyResponse.Http> cached = cached(request, route);
    return cached.isPresent()
        ? cached.get()
        : CacheStatus.forwarded(Forward.BYPASS, Detail.GATEWAY)
            .addTo(Answers.nothingStored(parts.url(request)));
  }

  /** What it asks, if its caller lets anybody but Discord answer that. */
  private static Optional<Question> question(ProxyRequest request, RequestDirectives directives) {
    return directives.noCache()
            || directives.noStore()
            || directives.minFresh().isPresent()
            // What the gateway tells is in the form of one version.
            || PathSegments.nameVersion(request.path())
        ? Optional.empty()
        : Question.of(request);
  }

  /** Whose gateway is heard, if it is the caller's own and what it told is not too old. */
  private Optional<Feed> feedFor(ProxyRequest request) throws InterruptedException {
    return parts.isLagging()
        ? Optional.empty()
        : parts
            .entities()
            .feed()
            .filter(
                feed ->
                    parts.bot().trust(request.headers(), feed.userId()) == FeedingBot.Trust.PROVEN);
  }

  private ProxyResponse answer(Asked asked, SentMarker marker) throws InterruptedException {
    Optional<Feed> feed = feedFor(asked.request());
    if (feed.isEmpty()) {
      return ask(asked, asked.request(), marker);
    }
    Optional<ProxyResponse.Http> preferred = preferred(feed.get(), asked);
    if (preferred.isPresent()) {
      return preferred.get();
    }
    return parts.entities().mayAnswer(feed.get(), asked.question())
        ? askImpatiently(asked, marker)
        : ask(asked, asked.request(), marker);
  }

  private Optional<ProxyResponse.Http> preferred(Feed feed, Asked asked)
      throws InterruptedException {
    Level wanted = parts.settings().relaxed() ? Level.LOSSY : Level.FAITHFUL;
    return parts.settings().mode() == AnswerMode.PREFER
            && asked.question().route().best().isAsGoodAs(wanted)
            && !parts.writes().concern(asked.request())
        ? find(feed, asked, wanted)
        : Optional.empty();
  }

  /** Asks Discord, unless that takes too long or fails. */
  private ProxyResponse askImpatiently(Asked asked, SentMarker marker) throws InterruptedException {
    Wishes own = asked.wishes();
    boolean hurried = own.maxWait().filter(wait -> wait.compareTo(NOTICEABLE) <= 0).isEmpty();
    ProxyRequest request =
        hurried
            ? asked
                .request()
                .with(
                    new Wishes(own.priority(), Optional.of(NOTICEABLE))
                        .in(asked.request().headers()))
            : asked.request();
    ProxyResponse response = ask(asked, request, marker);
    boolean limited =
        response instanceof ProxyResponse.Http answer && answer.code() == TOO_MANY_REQUESTS;
    if (!limited && !isFailure(response)) {
      return response;
    }
    Optional<Feed> feed = feedFor(asked.request());
    Optional<ProxyResponse.Http> told =
        feed.isPresent() ? find(feed.get(), asked, Level.FALLBACK) : Optional.empty();
    if (told.isPresent()) {
      return told.get();
    }
    // Only for the sake of an answer that is not there any more did it not wait.
    return limited && hurried ? ask(asked, asked.request(), marker) : response;
  }

  private static boolean isFailure(ProxyResponse response) {
    return switch (response) {
      case ProxyResponse.Failure failure -> FAILURES.contains(failure.status());
      case ProxyResponse.Http answer -> answer.code() >= FIRST_SERVER_ERROR;
    };
  }

  private ProxyResponse ask(Asked asked, ProxyRequest request, SentMarker marker)
      throws InterruptedException {
    return heard(
        request, asked.route(), next.handle(request, asked.route(), asked.deadline(), marker));
  }

  private ProxyResponse heard(ProxyRequest request, Route route, ProxyResponse response) {
    if (response instanceof ProxyResponse.Http answer) {
      parts.bot().heard(request, route, answer);
    }
    parts.writes().heard(request, response);
    return response;
  }

  private Optional<ProxyResponse.Http> find(Feed feed, Asked asked, Level wanted)
      throws InterruptedException {
    return find(feed, asked.request(), asked.route(), asked.question(), asked.directives(), wanted);
  }

  private Optional<ProxyResponse.Http> find(
      Feed feed,
      ProxyRequest request,
      Route route,
      Question question,
      RequestDirectives directives,
      Level wanted)
      throws InterruptedException {
    Optional<Found> found =
        parts
            .entities()
            .find(feed, question)
            .filter(any -> any.answer().level().isAsGoodAs(wanted));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Duration age = parts.age(found.get().eventMillis());
    if (directives.maxAge().filter(most -> age.compareTo(most) > 0).isPresent()) {
      return Optional.empty();
    }
    parts.answered(route, CacheSource.GATEWAY);
    return Optional.of(Answers.ofGateway(parts.url(request), found.get().answer().body(), age));
  }

  /** A request that only Discord can answer. */
  private final class Passing implements Turn {
    private final ProxyRequest request;
    private final Route route;
    private final Turn turn;

    Passing(ProxyRequest request, Route route, Turn turn) {
      this.request = request;
      this.route = route;
      this.turn = turn;
    }

    @Override
    public ProxyResponse await(SentMarker marker) throws InterruptedException {
      return heard(request, route, turn.await(marker));
    }

    @Override
    public void cancel() {
      turn.cancel();
    }

    @Override
    public void sentBefore() throws InterruptedException {
      parts.writes().unanswered(request);
      turn.sentBefore();
    }
  }
}
